/** What follows from what in a page: which cells are stale, and which have to run first. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FollowedCell, Following } from "../../src/site/live/follow";

/** A cell as "a b = c d; code": it declares a and b, and uses c and d. */
function cell(text: string): FollowedCell {
  const [, left = "", right = "", source = text] = /^([^=]*)=([^;]*);?(.*)$/.exec(text) ?? [];
  const names = (part: string) => part.split(" ").filter(Boolean);
  return { declares: names(left), uses: names(right), source: `${text}${source}` };
}

const following = (...texts: string[]) => new Following(texts.map(cell));

/** Runs cells with all that they need, as a session does. */
function run(page: Following, ...targets: number[]): number[] {
  const order = [...new Set([...page.needed(targets), ...targets])].sort((a, b) => a - b);
  for (const index of order) page.ended(index, page.begins(index), "ok");
  return order;
}

const stale = (page: Following, count: number) =>
  Array.from({ length: count }, (_, index) => index).filter((index) => page.isStale(index));

describe("what has to run first", () => {
  test("what it uses, and what that uses, once and in order", () => {
    const page = following("a =", "b = a", "x =", "c = b", "= c");
    expect(page.needed([4])).toEqual([0, 1, 3]);
    expect(run(page, 4)).toEqual([0, 1, 3, 4]);
    expect(page.needed([4])).toEqual([]);
    expect(page.needed([2])).toEqual([]);
  });

  test("what was changed since it ran, and what follows from that", () => {
    const page = following("a =", "b = a", "= b");
    run(page, 2);
    page.change(0, cell("a =; other"));
    expect(page.needed([2])).toEqual([0, 1]);
  });

  test("a name that a cell elsewhere has taken is taken back", () => {
    const page = following("x =; above", "= x", "x =; below", "= x");
    run(page, 3);
    expect(page.needed([1])).toEqual([0]);
    expect(run(page, 1)).toEqual([0, 1]);
    expect(page.needed([3])).toEqual([2]);
  });

  test("taking one name back may take another away: both are right in the end", () => {
    // Cell 0 gives x and y; cell 1 gives y anew; cell 2 uses both.
    const page = following("x y =", "y =", "x =", "= x y");
    run(page, 3);
    expect(page.needed([3])).toEqual([]);
    const again = following("x y =", "y =", "= x y", "x =");
    run(again, 3);
    run(again, 2);
    run(again, 3);
    expect(again.needed([2])).toEqual([0, 1]);
  });

  test("a function's names count where it is called, also if they are declared below it", () => {
    const page = following("f = helper", "helper =", "= f");
    expect(page.needed([2])).toEqual([0, 1]);
    const redeclared = following("start =", "f = start", "start =; other", "= f");
    // Whether cell 1 uses the name at once or when it is called, nobody knows: it gets both.
    expect(redeclared.needed([3])).toEqual([0, 1, 2]);
  });

  test("a name that is changed in place is made again before it is changed again", () => {
    const page = following("net =", "net = net", "= net");
    run(page, 2);
    expect(page.needed([2])).toEqual([]);
    expect(page.needed([1])).toEqual([0]);
  });

  test("what is imported, or the engine's own, is not changed by a call", () => {
    const changing = (names: string, source: string) => ({
      ...cell(`${names} = ${names}`),
      source,
    });
    const page = new Following([
      {
        declares: ["explore", "plot"],
        uses: [],
        source:
          'import * as explore from "./src/explore";\nimport {\n  plot,\n} from "./src/show";',
      },
      changing("explore", "explore.slope()"),
      changing("plot", "plot.it()"),
      changing("console", "console.log(1)"),
      cell("= explore plot console"),
    ]);
    expect(page.needed([4])).toEqual([0]);
    const own = new Following([
      { declares: ["ledger"], uses: [], source: 'const ledger = "imports ledger";' },
      changing("ledger", "ledger.enter()"),
      cell("= ledger"),
    ]);
    expect(own.needed([2])).toEqual([0, 1]);
  });

  test("after an error, and after a restart, nothing is relied on", () => {
    const page = following("a =", "= a");
    page.ended(0, page.begins(0), "failed");
    expect(page.needed([1])).toEqual([0]);
    run(page, 1);
    page.restarted();
    expect(page.needed([1])).toEqual([0]);
  });

  test("whatever was run before, a run leaves every name as a run from the top would", () => {
    const names = ["a", "b", "c"];
    const anyCell = fc.record({
      declares: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
      uses: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
    });
    const cells = fc.array(anyCell, { minLength: 2, maxLength: 7 });
    fc.assert(
      fc.property(cells, fc.array(fc.nat(6), { maxLength: 6 }), fc.nat(6), (made, before, last) => {
        const page = new Following(made.map((one, n) => ({ ...one, source: `${n}` })));
        const values = new Map<string, string>();
        const runAll = (order: number[]) => {
          for (const index of order) runOne(values, made, index);
        };
        for (const index of before) runAll(run(page, index % made.length));
        const target = last % made.length;
        runAll(run(page, target));
        const fromTop = new Map<string, string>();
        for (let index = 0; index <= target; index++) runOne(fromTop, made, index);
        for (const name of fromTop.keys())
          if ([...made[target].uses, ...made[target].declares].includes(name))
            expect(values.get(name)).toBe(fromTop.get(name));
      }),
      { numRuns: 500 },
    );
  });
});

function declaredBy(
  cells: readonly { declares: string[]; uses: string[] }[],
  index: number,
): string[] {
  const { declares, uses } = cells[index];
  const isAbove = (name: string) =>
    cells.slice(0, index).some((_, n) => declaredBy(cells, n).includes(name));
  return declares.filter((name) => !uses.includes(name) || isAbove(name));
}

/** What a cell declares has a value that tells how it came about. */
function runOne(
  values: Map<string, string>,
  cells: readonly { declares: string[]; uses: string[] }[],
  index: number,
): void {
  const { uses } = cells[index];
  // What nobody above declares is no name of the page's: whatever is there does not count, and cannot be changed.
  const isKnown = (name: string) =>
    cells.slice(0, index).some((_, n) => declaredBy(cells, n).includes(name));
  const taken = uses.map((name) => (isKnown(name) ? values.get(name) : "unknown"));
  for (const name of declaredBy(cells, index)) values.set(name, `${index}(${taken.join()})`);
}

describe("what is stale", () => {
  test("nothing at first, and nothing after runs", () => {
    const page = following("a =", "b = a", "= b");
    expect(stale(page, 3)).toEqual([]);
    run(page, 2);
    expect(stale(page, 3)).toEqual([]);
  });

  test("what was typed and all that follows from it, until it is run or taken back", () => {
    const page = following("a =", "b = a", "= b", "c =", "= c");
    page.change(0, cell("a =; other"));
    expect(stale(page, 5)).toEqual([0, 1, 2]);
    page.change(0, cell("a ="));
    expect(stale(page, 5)).toEqual([]);
    page.change(0, cell("a =; other"));
    run(page, 1);
    expect(stale(page, 5)).toEqual([2]);
    page.change(0, cell("a ="));
    expect(stale(page, 5)).toEqual([0, 1]);
  });

  test("what imports a changed source, and all that follows", () => {
    const page = new Following([
      { declares: ["f"], uses: [], source: 'import { f } from "./src/nn";' },
      { declares: [], uses: ["f"], source: "f()" },
      { declares: [], uses: [], source: "1" },
    ]);
    page.changeLibrary("edit");
    expect(stale(page, 3)).toEqual([0, 1]);
    expect(page.cause(0)).toEqual({ code: false, names: [], library: true });
    page.changeLibrary("");
    expect(stale(page, 3)).toEqual([]);
  });

  test("why: the code, or the names that changed; of the code of functions, those it uses itself", () => {
    const page = following("a =", "f = a", "z =", "= f z");
    page.change(0, cell("a =; other"));
    expect(page.cause(0)).toEqual({ code: true, names: [], library: false });
    expect(page.cause(3)).toEqual({ code: false, names: ["f"], library: false });
    expect(page.cause(2)).toBeUndefined();
  });

  test("a cell that stopped, and of which nobody knows, is stale; stored outputs follow from stored code", () => {
    const page = following("a =", "= a");
    page.forget(1);
    expect(page.isStale(1)).toBe(true);
    expect(page.cause(1)).toBeUndefined();
    page.change(0, cell("a =; other"));
    page.brought(1);
    expect(page.isStale(1)).toBe(false);
    page.restored(1);
    expect(page.isStale(1)).toBe(true);
  });

  test("what was there before many letters were typed is known again", () => {
    const page = following("a =", "b = a", "= b");
    page.change(0, cell("a =; ran"));
    run(page, 2);
    for (let n = 0; n < 500; n++) page.change(0, cell(`a =; ${n}`));
    expect(stale(page, 3)).toEqual([0, 1, 2]);
    expect(page.cause(2)).toEqual({ code: false, names: ["b"], library: false });
    page.change(0, cell("a =; ran"));
    expect(stale(page, 3)).toEqual([]);
    page.restored(1);
    page.change(0, cell("a ="));
    expect(stale(page, 3)).toEqual([0, 2]);
  });

  test("the cells that build on one", () => {
    const page = following("a =", "b = a", "c =", "= b", "a =", "= a");
    expect(page.dependents(0)).toEqual([0, 1, 3]);
  });
});
