/** Released assignments in the ordinary kernel, as `npm start` runs them: untouched, and with the work done. */
import { describe, expect, test } from "vitest";
import { withKernel } from "../kernel/client";
import { assignmentNames, cellsOf, released, type SourceCell } from "./source";

const long = { timeout: 120_000 };

describe.each(assignmentNames)("%s", (name) => {
  const cells = cellsOf(name).filter((cell) => cell.cell_type === "code");
  const isTest = (cell: SourceCell) => cell.nbgrader?.grade === true;

  /** What each test says, run from top to bottom. */
  function run(sourceOf: (cell: SourceCell) => string): Promise<string[]> {
    return withKernel(async (kernel) => {
      const said: string[] = [];
      for (const cell of cells) {
        const { reply, outputs } = await kernel.execute(sourceOf(cell));
        expect(reply.status, `${cell.id}: ${reply.evalue}`).toBe("ok");
        if (isTest(cell)) said.push(outputs[outputs.length - 1].data["text/plain"]);
      }
      return said;
    });
  }

  test(
    "untouched, every cell runs, and every check says that nothing is filled in yet",
    long,
    async () => {
      const said = await run(({ source }) => released(source));
      expect(said).toHaveLength(cells.filter(isTest).length);
      for (const words of said) expect(words).toMatch(/^Not filled in yet/);
    },
  );

  test("with the solutions every check agrees", long, async () => {
    const said = await run((cell) => (isTest(cell) ? released(cell.source) : cell.source));
    for (const words of said)
      expect(words).toMatch(/^(?:✓ Right(?: so far)?:|Your prediction, .* is noted)/);
  });
});

test("a check in the kernel names the mistake, and a function borrowed from the library", async () => {
  await withKernel(async (kernel) => {
    const check = async (code: string, call: string) => {
      await kernel.execute(code);
      const { outputs } = await kernel.execute(
        `import { check } from "./src/coursework";\nawait check(${call});`,
      );
      return outputs[0].data["text/plain"];
    };
    expect(
      await check(
        "const outputDelta = (h: number, y: number) => y - h;",
        '"deltas/outputDelta", outputDelta',
      ),
    ).toMatch(/2 of 2 cases differ\. Your numbers match a known mistake: wrong sign/);
    const borrowed = `import { sigmoid as theirs } from "./src/nn";
function sigmoid(z: number) { return theirs.f(z); }`;
    expect(await check(borrowed, '"activation-functions/sigmoid", sigmoid')).toMatch(
      /^✗ sigmoid does in the library what you are asked to write/,
    );
  });
});
