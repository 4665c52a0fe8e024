"""JAX and NumPy for the benchmark, on one core: one line of JSON in, one line of JSON out.

{"make": {"peer", "bits", "sizes", "hidden", "output", "loss", "weights", "X", "Y", "batch", "rate"}} -> {"id"}
{"make": {"peer": "jax", "bits", "model", "parameters", "output", "X", "Y", "batch", "rate"}} -> {"id"}
{"run": id, "epochs": n, "shuffled": bool} -> {"seconds", "outputs"}: from where the last run ended;
outputs are the predictions for the first 4 samples.

Weights come as the library lays them out: layer after layer, unit after unit, the bias first. A batch's step
follows the sum of its samples' gradients. After each epoch JAX and NumPy take the cost over all samples, as the
library does, if there is more than one batch.
"""

import json
import os
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ[library + "_NUM_THREADS"] = "1"
os.environ["JAX_PLATFORMS"] = "cpu"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

jax.config.update("jax_enable_x64", True)


def layers(task, dtype):
    flat, parts, at = np.asarray(task["weights"], dtype), [], 0
    for inputs, units in zip(task["sizes"], task["sizes"][1:]):
        size = units * (1 + inputs)
        parts.append(flat[at : at + size].reshape(units, 1 + inputs))
        at += size
    return [(W[:, 1:].T.copy(), W[:, 0].copy()) for W in parts]


def images(p, x):
    def layer(x, kernel, bias):
        y = jax.lax.conv_general_dilated(x, kernel, (1, 1), "SAME") + bias
        return jax.lax.reduce_window(jax.nn.relu(y), -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")

    h = layer(layer(x.reshape(-1, 1, 8, 8), p["K1"], p["b1"]), p["K2"], p["b2"])
    return h.reshape(len(x), -1) @ p["W"] + p["b"]


def lookup(p, signs):
    def norm(x):
        mean = x.mean(-1, keepdims=True)
        return (x - mean) / jnp.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + 1e-5)

    x = p["E"][signs.astype(jnp.int32)] + p["P"]
    n = norm(x) * p["g1"]
    q, k, v = (n @ p[name] for name in "QKV")
    weights = jax.nn.softmax(q @ k.swapaxes(-1, -2) / np.sqrt(x.shape[-1]).item())
    x = x + weights @ v @ p["O"]
    x = x + jax.nn.relu((norm(x) * p["g2"]) @ p["W1"] + p["c1"]) @ p["W2"] + p["c2"]
    return x[:, -1] @ p["W"] + p["b"]


class Jax:
    """The whole run is one compiled program: no step goes through Python."""

    f = {"tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu}

    def __init__(self, task):
        dtype = jnp.float64 if task["bits"] == 64 else jnp.float32
        self.X, self.Y = (jnp.asarray(task[name], dtype) for name in "XY")
        output, batch, rate = (task[name] for name in ("output", "batch", "rate"))
        self.key = jax.random.key(1)

        def dense(parameters, x):
            for W, b in parameters[:-1]:
                x = self.f[task["hidden"]](x @ W + b)
            W, b = parameters[-1]
            return x @ W + b

        if "model" in task:
            logits = {"images": images, "lookup": lookup}[task["model"]]
            self.layers = {
                name: jnp.asarray(one["value"], dtype).reshape(one["shape"])
                for name, one in task["parameters"].items()
            }
        else:
            logits = dense
            self.layers = jax.tree.map(jnp.asarray, layers(task, np.dtype(dtype)))

        def cost(parameters, x, y):
            z = logits(parameters, x)
            if output == "softmax":
                return -jnp.sum(y * jax.nn.log_softmax(z))
            return jnp.sum((self.f[output](z) - y) ** 2) / 2

        def step(parameters, xy):
            slopes = jax.grad(cost)(parameters, *xy)
            return jax.tree.map(lambda w, g: w - rate * g, parameters, slopes), None

        def epoch(state, shuffled):
            parameters, key, total = state
            X, Y = self.X, self.Y
            if len(X) > batch:
                if shuffled:
                    key, now = jax.random.split(key)
                    order = jax.random.permutation(now, len(X))
                    X, Y = X[order], Y[order]
                blocks = tuple(a.reshape(-1, batch, a.shape[1]) for a in (X, Y))
                parameters, _ = jax.lax.scan(step, parameters, blocks)
                total += cost(parameters, self.X, self.Y)
            else:
                parameters, _ = step(parameters, (X, Y))
            return parameters, key, total

        def run(parameters, key, epochs, shuffled):
            start = (parameters, key, jnp.zeros((), dtype))
            return jax.lax.fori_loop(0, epochs, lambda _, state: epoch(state, shuffled), start)

        compiled = {shuffled: jax.jit(lambda p, k, n, s=shuffled: run(p, k, n, s)) for shuffled in (False, True)}

        def train(epochs, shuffled):
            self.layers, self.key, _ = jax.block_until_ready(compiled[shuffled](self.layers, self.key, epochs))

        self.train = train
        activate = jax.nn.softmax if output == "softmax" else self.f[output]
        self.predict = lambda x: activate(logits(self.layers, x))

    def outputs(self):
        return np.asarray(self.predict(self.X[:4])).ravel().tolist()


class NumPy:
    """ReLU, softmax and cross-entropy, by hand."""

    def __init__(self, task):
        self.dtype = np.dtype("float64" if task["bits"] == 64 else "float32")
        self.layers = layers(task, self.dtype)
        self.X, self.Y = (np.asarray(task[name], self.dtype) for name in "XY")
        self.batch, self.rate = task["batch"], self.dtype.type(task["rate"])
        self.random = np.random.default_rng(1)

    def forward(self, x):
        activations = [x]
        for W, b in self.layers[:-1]:
            activations.append(np.maximum(activations[-1] @ W + b, 0))
        W, b = self.layers[-1]
        z = activations[-1] @ W + b
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return activations, e / e.sum(axis=1, keepdims=True)

    def train(self, epochs, shuffled):
        for _ in range(epochs):
            order = self.random.permutation(len(self.X)) if shuffled else np.arange(len(self.X))
            for start in range(0, len(order), self.batch):
                rows = order[start : start + self.batch]
                activations, p = self.forward(self.X[rows])
                delta = p - self.Y[rows]
                for l in reversed(range(len(self.layers))):
                    W, b = self.layers[l]
                    a = activations[l]
                    before = (delta @ W.T) * (a > 0) if l > 0 else None
                    W -= self.rate * (a.T @ delta)
                    b -= self.rate * delta.sum(axis=0)
                    delta = before
            self.cost = -np.sum(self.Y * np.log(self.forward(self.X)[1] + 1e-30))

    def outputs(self):
        return self.forward(self.X[:4])[1].ravel().tolist()


made = []
for line in sys.stdin:
    order = json.loads(line)
    if "make" in order:
        made.append({"jax": Jax, "numpy": NumPy}[order["make"]["peer"]](order["make"]))
        answer = {"id": len(made) - 1}
    else:
        peer = made[order["run"]]
        start = time.perf_counter()
        peer.train(order["epochs"], order["shuffled"])
        seconds = time.perf_counter() - start
        answer = {"seconds": seconds, "outputs": peer.outputs()}
    print(json.dumps(answer), flush=True)
