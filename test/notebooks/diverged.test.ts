/** After a run that fails, the cells below do not go on to show the one before. */
import { expect, test } from "vitest";
import { notebookPath } from "../../src/notebooks";
import { withKernel } from "../kernel/client";
import { readNotebook } from "./notebook";

test("training: a run that diverges leaves nothing for the cells below", {
  timeout: 120_000,
}, async () => {
  const cells = readNotebook(notebookPath("training"))
    .cells.filter(({ cell_type }) => cell_type === "code")
    .map(({ source }) => source.join(""));
  const at = (words: string) => cells.findIndex((source) => source.includes(words));
  const [first, last] = [at("TRY IT"), at("networkDiagram(run")];
  const [imports, outputs] = [
    cells[0],
    "const outputs = (network: Network) => xor.inputs.map((x) => predict(network, x)[0]);",
  ];
  expect(cells.join("\n")).toContain(outputs);

  await withKernel(async (kernel) => {
    const run = async (learningRate: number) => {
      const replies: string[] = [];
      for (const source of cells.slice(first, last + 1)) {
        const changed = source.replace(
          "const learningRate = 0.3;",
          `const learningRate = ${learningRate};`,
        );
        const { reply } = await kernel.execute(changed);
        replies.push(reply.status === "ok" ? "ok" : `${reply.ename}: ${reply.evalue}`);
      }
      return replies;
    };
    for (const source of [imports, outputs]) {
      expect((await kernel.execute(source)).reply).toMatchObject({ status: "ok" });
    }
    expect(new Set(await run(0.3))).toEqual(new Set(["ok"]));
    const [settings, training, ...below] = await run(30);
    expect(settings).toBe("ok");
    expect(training).toMatch(/^DivergenceError: Training diverged in epoch/);
    expect(below.length).toBe(3);
    for (const reply of below) expect(reply).toMatch(/^Error: There is no run: .*failed/);
    expect((await run(-1))[1]).toMatch(/learning rate/);
    expect(new Set(await run(0.2))).toEqual(new Set(["ok"]));
  });
});
