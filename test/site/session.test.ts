/** Running the cells of a page with a kernel that only notes what it is asked. */
import { expect, test } from "vitest";
import type { CellOutput, PageKernel } from "../../src/kernel/page/kernel";
import type { Dependencies } from "../../src/site/live/follow";
import { Session, SessionCell } from "../../src/site/live/session";

interface Options {
  seconds?: Record<number, number>;
  tags?: Record<number, string[]>;
  fail?: readonly string[];
  kept?: Record<number, string>;
}

/** A page of cells written "declares = uses"; every cell shows its own text. */
function create(texts: readonly string[], { seconds, tags, fail = [], kept }: Options = {}) {
  const ran: string[] = [];
  const shown: string[] = texts.map((text) => `stored ${text}`);
  const read = (text: string): Dependencies => {
    const [declares, uses = ""] = text.split("=");
    const names = (part: string) => part.match(/[a-z]+/g) ?? [];
    return { declares: names(declares), uses: names(uses) };
  };
  let release: (() => void) | undefined;
  let left: "kept" | "lost" = "kept";
  const kernel = {
    start: async () => {},
    async execute(source: string, show: (output: CellOutput) => void) {
      ran.push(source);
      if (source.includes("endless")) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return { status: "error", executionCount: ran.length, ename: "Interrupted" };
      }
      const status = fail.includes(source) ? "error" : "ok";
      show({ output_type: "stream", name: "stdout", text: `ran ${source}` });
      return { status, executionCount: ran.length, ename: status === "ok" ? undefined : "Error" };
    },
    async interrupt() {
      release?.();
      return left;
    },
    restart: async () => {},
    dependencies: async (sources: readonly string[]) => sources.map(read),
    writeSource: async () => {},
  } as unknown as PageKernel;
  const data = texts.map((_, n) => ({ id: `${n}`, seconds: seconds?.[n], tags: tags?.[n] }));
  const cells = texts.map(
    (text, n) =>
      new SessionCell(data[n], text, kept?.[n] ?? text, {
        isEmpty: false,
        begin() {
          shown[n] = "";
        },
        add(output) {
          if (output.output_type === "stream") shown[n] += output.text;
        },
        end() {},
      }),
  );
  const session = new Session({
    cells,
    data,
    createKernel: async () => kernel,
    sources: {},
    keep() {},
    changed() {},
  });
  const leaves = (how: "kept" | "lost") => {
    left = how;
  };
  return { session, cells, ran, shown, leaves };
}

test("what a cell needs runs first, and only shows again what is stale", async () => {
  const { session, ran, shown } = create(["a =", "b = a", "= b"]);
  await session.run([2]);
  expect(ran).toEqual(["a =", "b = a", "= b"]);
  expect(shown).toEqual(["stored a =", "stored b = a", "ran = b"]);
  session.edit(0, "a = z");
  await session.run([2]);
  expect(shown).toEqual(["ran a = z", "ran b = a", "ran = b"]);
  expect(session.stale()).toEqual([]);
});

test("kept edits count from the start: their outputs are stale before the kernel is there, and what follows after", async () => {
  const { session } = create(["a =", "b = a", "= b"], { kept: { 1: "b = a a" } });
  expect(session.stale()).toEqual([1]);
  await session.start();
  expect(session.stale()).toEqual([1, 2]);
});

test("long runs above are asked about; those the reader asked for are not", async () => {
  const { session, ran } = create(["a =", "= a"], { seconds: { 0: 60, 1: 60 } });
  const run = session.run([1]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(session.said).toMatchObject({ kind: "ask", seconds: 60 });
  session.answer(false);
  await run;
  expect(ran).toEqual([]);
  expect(session.isBusy).toBe(false);
  await session.run([0, 1]);
  expect(ran).toEqual(["a =", "= a"]);
});

test("after an error nothing that was to come runs, unless the cell is there to fail", async () => {
  const plain = create(["a =", "= a", "z ="], { fail: ["a ="] });
  await plain.session.run([0, 1, 2]);
  expect(plain.ran).toEqual(["a ="]);
  expect(plain.cells.map(({ outcome }) => outcome)).toEqual([
    "failed",
    "not reached",
    "not reached",
  ]);
  expect(plain.session.said).toMatchObject({ text: "2 cells below were not run: cell 1 failed." });
  const meant = create(["a =", "= a"], { fail: ["a ="], tags: { 0: ["raises-exception"] } });
  await meant.session.run([0, 1]);
  expect(meant.ran).toHaveLength(2);
});

test.each(["kept", "lost"] as const)("stopped, with variables %s", async (how) => {
  const { session, ran, cells, leaves } = create(["a =", "= endless", "= a"]);
  leaves(how);
  const all = session.run([0, 1, 2]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await session.stop();
  await all;
  expect(ran).toEqual(["a =", "= endless"]);
  expect(cells.map(({ state }) => state)).toEqual(["idle", "idle", "idle"]);
  expect(cells[1].outcome).toBe("stopped");
  await session.run([2]);
  expect(ran.slice(2)).toEqual(how === "kept" ? ["= a"] : ["a =", "= a"]);
});

test("what follows a typed value: at once what is short, later what is long", async () => {
  const { session } = create(["a =", "= a", "long = a", "= long", "= a"], { seconds: { 2: 60 } });
  await session.start();
  session.edit(0, "a = z");
  expect(await session.followers(0)).toEqual({ soon: [0, 1, 4], later: [2, 3], seconds: 60 });
});

test("a kernel that does not start is told of, and tried again", async () => {
  let tries = 0;
  const { cells } = create(["a ="]);
  const session = new Session({
    cells,
    data: [{ id: "0" }],
    async createKernel() {
      tries++;
      throw new Error("no network");
    },
    sources: {},
    keep() {},
    changed() {},
  });
  await session.run([0]);
  expect(session.said).toMatchObject({
    kind: "trouble",
    text: expect.stringMatching(/no network/),
  });
  expect(cells[0].state).toBe("idle");
  await session.run([0]);
  expect(tries).toBe(2);
});
