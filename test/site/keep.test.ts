/** What a page keeps, exports, imports and resets, and what it says if the browser refuses. */
import { describe, expect, test } from "vitest";
import { createKeep } from "../../src/site/live/keep";
import { memory } from "./memory";

describe("keeping", () => {
  test("a page's cells, under its notebook's name; nothing is left of a page that is as it came", () => {
    const store = memory({ theme: "dark" });
    const keep = createKeep(() => store);
    expect(keep.page("deltas")).toEqual({ cells: {} });
    expect(keep.keepPage("deltas", { cells: { "try-it": "1;" } })).toBe(true);
    expect(createKeep(() => store).page("deltas")).toEqual({ cells: { "try-it": "1;" } });
    expect(keep.page("training")).toEqual({ cells: {} });
    keep.keepPage("deltas", { cells: {} });
    expect(store.length).toBe(1);
  });

  test("whether outputs follow: yes, unless switched off", () => {
    const store = memory();
    const keep = createKeep(() => store);
    expect(keep.follows()).toBe(true);
    keep.keepFollows(false);
    expect(createKeep(() => store).follows()).toBe(false);
    keep.keepFollows(true);
    expect(keep.follows()).toBe(true);
  });

  test("what somebody else wrote there is no reason to fail", () => {
    const store = memory({
      "backprop:page:a": "{",
      "backprop:page:b": '{"cells":{"x":1,"y":"2"},"settings":{"z":3}}',
      "backprop:sources": "[null]",
    });
    const keep = createKeep(() => store);
    expect(keep.page("a")).toEqual({ cells: {} });
    expect(keep.page("b")).toEqual({ cells: { y: "2" } });
    expect(keep.sources()).toEqual({});
    expect(keep.failure).toBeUndefined();
  });

  test.each([
    ["SecurityError", /private window/],
    ["QuotaExceededError", /no room left/],
  ])("a refusal (%s) is no error, and is told", (name, words) => {
    const refuse = () => {
      throw Object.assign(new Error("no"), { name });
    };
    const keep = createKeep(() => ({ ...memory(), setItem: refuse }));
    expect(keep.failure).toMatch(words);
    expect(keep.keepPage("deltas", { cells: { a: "1" } })).toBe(false);
    expect(keep.page("deltas")).toEqual({ cells: {} });
    expect(createKeep(refuse).failure).toMatch(words);
  });

  test("reset of everything leaves what is not the course's", () => {
    const store = memory({ theme: "dark" });
    const keep = createKeep(() => store);
    keep.keepPage("a", { cells: { x: "1" } });
    keep.keepSources({ "src/nn.ts": "" });
    keep.keepFollows(false);
    keep.resetAll();
    expect(store.length).toBe(1);
  });
});

describe("one file for everything", () => {
  const full = createKeep(() => store);
  const store = memory();
  full.keepPage("training", { cells: { "try-it": "const a = «1»;\n" } });
  full.keepPage("deltas", {
    cells: { "your-turn": "1" },
    settings: { explore: { given: {}, now: { step: 3 } } },
  });
  full.keepSources({ "src/nn.ts": "export {};" });

  test("goes out and comes back whole", () => {
    const fresh = createKeep(() => other);
    const other = memory();
    expect(fresh.imported(full.exported())).toEqual({ pages: ["deltas", "training"], sources: 1 });
    expect(fresh.exported()).toBe(full.exported());
  });

  test("pages that it does not name stay", () => {
    const other = memory();
    const mine = createKeep(() => other);
    mine.keepPage("depth", { cells: { a: "1" } });
    mine.keepPage("deltas", { cells: { a: "1" } });
    mine.keepSources({ "src/data.ts": "" });
    mine.imported(full.exported());
    expect(mine.page("depth")).toEqual({ cells: { a: "1" } });
    expect(mine.page("deltas").cells).toEqual({ "your-turn": "1" });
    expect(Object.keys(mine.sources())).toEqual(["src/data.ts", "src/nn.ts"]);
  });

  test.each([
    ["<html>", /not JSON/],
    ['{"cells":[]}', /not exported here.*Open mine/],
    ["null", /not exported here/],
    [JSON.stringify({ ...JSON.parse(full.exported()), version: 2 }), /version 2/],
  ])("another file is refused in words: %s", (text, words) => {
    const before = full.exported();
    expect(() => full.imported(text)).toThrow(words);
    expect(full.exported()).toBe(before);
  });
});
