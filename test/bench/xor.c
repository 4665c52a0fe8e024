/* What plain loops in C reach: 2-3-1, half squared error, full batch, the sum's gradient.
   xor <hidden: tanh|sigmoid> <output: tanh|sigmoid> <epochs> <learning rate> <13 weights>
   The weights come in the order of the library's. Prints the seconds taken, then the 4 outputs. */
#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { INPUTS = 2, HIDDEN = 3, SAMPLES = 4 };

static const double X[SAMPLES][INPUTS] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
static const double Y[SAMPLES] = {0, 1, 1, 0};
static double W[HIDDEN][1 + INPUTS], V[1 + HIDDEN], hidden[HIDDEN];
static int hiddenIsTanh, outputIsTanh;

static double f(double z, int isTanh) { return isTanh ? tanh(z) : 1 / (1 + exp(-z)); }
static double slope(double a, int isTanh) { return isTanh ? 1 - a * a : a * (1 - a); }

static double forward(const double *x) {
  double out = V[0];
  for (int j = 0; j < HIDDEN; j++) {
    double sum = W[j][0];
    for (int i = 0; i < INPUTS; i++) sum += W[j][1 + i] * x[i];
    hidden[j] = f(sum, hiddenIsTanh);
    out += V[1 + j] * hidden[j];
  }
  return f(out, outputIsTanh);
}

static double epoch(double rate) {
  double dW[HIDDEN][1 + INPUTS] = {{0}}, dV[1 + HIDDEN] = {0}, loss = 0;
  for (int n = 0; n < SAMPLES; n++) {
    double a = forward(X[n]);
    double error = a - Y[n];
    double delta = error * slope(a, outputIsTanh);
    loss += error * error / 2;
    dV[0] += delta;
    for (int j = 0; j < HIDDEN; j++) {
      double deltaHidden = V[1 + j] * delta * slope(hidden[j], hiddenIsTanh);
      dV[1 + j] += delta * hidden[j];
      dW[j][0] += deltaHidden;
      for (int i = 0; i < INPUTS; i++) dW[j][1 + i] += deltaHidden * X[n][i];
    }
  }
  for (int j = 0; j < HIDDEN; j++)
    for (int i = 0; i <= INPUTS; i++) W[j][i] -= rate * dW[j][i];
  for (int j = 0; j <= HIDDEN; j++) V[j] -= rate * dV[j];
  return loss;
}

int main(int count, char **argument) {
  if (count != 18) return 2;
  hiddenIsTanh = !strcmp(argument[1], "tanh");
  outputIsTanh = !strcmp(argument[2], "tanh");
  long epochs = atol(argument[3]);
  double rate = atof(argument[4]), loss = 0;
  for (int w = 0; w < 9; w++) W[w / 3][w % 3] = atof(argument[5 + w]);
  for (int w = 0; w < 4; w++) V[w] = atof(argument[14 + w]);

  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (long e = 0; e < epochs; e++) loss = epoch(rate);
  clock_gettime(CLOCK_MONOTONIC, &end);

  printf("%.9f", (end.tv_sec - start.tv_sec) + (end.tv_nsec - start.tv_nsec) / 1e9);
  for (int n = 0; n < SAMPLES; n++) printf(" %.17g", forward(X[n]));
  printf("\n");
  return isfinite(loss) ? 0 : 1;
}
