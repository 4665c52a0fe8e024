/**
 * Loops with a function of a few numbers in them, each made from text for its function. Of one loop for all, JavaScript's
 * compilers make a loop of calls, which takes several times as long as the work; in a loop of its own a function is
 * written out in place.
 */

/** A way through an array, in lines: where each begins, of how many numbers it is, and how far the next number is. */
export interface Path {
  readonly starts: Int32Array;
  readonly length: number;
  readonly step: number;
}

/** An array and the way through it. */
export type Walked = readonly [numbers: Float64Array, path: Path];

/** Through all arrays at the same time; their paths have as many lines and numbers in each. */
export type Loop = (to: Walked, ...from: Walked[]) => void;

/** How many numbers a round of the loop takes: counting takes as long as adding two numbers does. */
const atOnce = 4;

/**
 * to = f(…), or to += f(…), for the numbers of as many arrays as f takes.
 *
 * @param name of the function, and of no other: the loops of two functions have to differ in their text
 */
export function createLoop(
  name: string,
  f: (...numbers: number[]) => number,
  how: "=" | "+=" = "=",
): Loop {
  const all = Array.from({ length: f.length }, (_, n) => n);
  const each = (text: (n: number) => string, between = "; ") => all.map(text).join(between);
  const put = (at: string) => `to[t${at}] ${how} f(${each((n) => `x${n}[i${n}${at}]`, ", ")});`;
  const text = `// ${name}
"use strict";
return ([to, T], ${each((n) => `[x${n}, X${n}]`, ", ")}) => {
  const sideBySide = T.step === 1 && ${each((n) => `X${n}.step === 1`, " && ")};
  const s = T.step; ${each((n) => `const s${n} = X${n}.step`)};
  for (let line = 0; line < T.starts.length; line++) {
    let left = T.length;
    let t = T.starts[line]; ${each((n) => `let i${n} = X${n}.starts[line]`)};
    if (sideBySide) for (; left >= ${atOnce}; left -= ${atOnce}) {
      ${Array.from({ length: atOnce }, (_, at) => put(` + ${at}`)).join(" ")}
      t += ${atOnce}; ${each((n) => `i${n} += ${atOnce}`)};
    }
    for (; left > 0; left--) { ${put("")} t += s; ${each((n) => `i${n} += s${n}`)}; }
  }
};`;
  try {
    return new Function("f", text)(f);
  } catch (error) {
    if ((error as Error).name !== "EvalError") throw error;
    return plain(f, how); // as in createEngine: no code from text here
  }
}

function plain(f: (...numbers: number[]) => number, how: "=" | "+="): Loop {
  return ([to, T], ...from) => {
    for (let line = 0; line < T.starts.length; line++) {
      for (let n = 0, t = T.starts[line]; n < T.length; n++, t += T.step) {
        const value = f(...from.map(([x, X]) => x[X.starts[line] + n * X.step]));
        to[t] = how === "=" ? value : to[t] + value;
      }
    }
  };
}
