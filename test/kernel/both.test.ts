import { afterAll, beforeAll, expect, test } from "vitest";
import { cases, judged } from "./both";
import { type Client, startKernel } from "./client";

let kernel: Client;
beforeAll(async () => {
  kernel = await startKernel();
}, 60_000);
afterAll(() => kernel.stop());

test.each(cases)("$name", async ({ cells, gives }) => {
  let outputs: Parameters<typeof judged>[0] = [];
  for (const cell of cells) ({ outputs } = await kernel.execute(cell));
  expect(judged(outputs)).toEqual(gives);
});
