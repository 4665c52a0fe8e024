import { expect, test } from "vitest";
import { kernelForTests } from "./asking";
import { cases, judged } from "./both";

const { run } = kernelForTests();

test.each(cases)("$name", async ({ cells, gives }) => {
  let outputs: Parameters<typeof judged>[0] = [];
  for (const cell of cells) ({ outputs } = await run(cell));
  expect(judged(outputs)).toEqual(gives);
});
