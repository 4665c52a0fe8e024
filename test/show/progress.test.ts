import { afterEach, expect, test } from "vitest";
import { collect } from "../../src/show";

const hostKey = Symbol.for("Jupyter.host");
const globals = globalThis as Record<symbol, unknown>;
afterEach(() => {
  delete globals[hostKey];
});

/** A notebook that keeps what it is shown, and interrupts the cell when so many runs are done. */
function notebook(interruptAfter = Number.POSITIVE_INFINITY) {
  const shown: string[] = [];
  const state = { done: 0 };
  globals[hostKey] = {
    display: (bundle: Record<string, string>) => shown.push(bundle["text/plain"]),
    signal: {
      get aborted() {
        return state.done >= interruptAfter;
      },
    },
  };
  return { shown, state };
}

test("does the work in order, outside a notebook too", async () => {
  expect(await collect([3, 1, 2], (n) => n * n)).toEqual([9, 1, 4]);
});

test("says how many are done, at the beginning and at the end", async () => {
  const { shown } = notebook();
  await collect([1, 2, 3], (n) => n, "seeds");
  expect(shown[0]).toBe("0 of 3 seeds");
  expect(shown[shown.length - 1]).toBe("3 of 3 seeds");
});

test("interrupted, it keeps what is done", async () => {
  const { shown, state } = notebook(2);
  const results = await collect([1, 2, 3, 4], (n) => {
    state.done = n;
    return n;
  });
  expect(results).toEqual([1, 2]);
  expect(shown[shown.length - 1]).toBe("2 of 4 runs, then interrupted");
});
