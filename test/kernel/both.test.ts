import { describe, expect, test } from "vitest";
import { kernelForTests } from "./asking";
import { cases, judged } from "./both";

// The second takes from the first what it has compiled.
describe.each(["a kernel", "the next kernel"])("%s", () => {
  const { run } = kernelForTests();

  test.each(cases)("$name", async ({ cells, gives }) => {
    let outputs: Parameters<typeof judged>[0] = [];
    for (const cell of cells) ({ outputs } = await run(cell));
    expect(judged(outputs)).toEqual(gives);
  });
});
