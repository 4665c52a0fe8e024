/** An assignment with numbers of each student's own, at work and graded: a submission is graded with the numbers of the student whose it is. */
import { expect, test } from "vitest";
import { type Client, withKernel } from "../kernel/client";
import { startGrader } from "../kernel/grader";
import { ownNotebook, released, type SourceCell } from "./source";

const [word, name] = ["autumn-2027", "forward-pass"];
type Cell = Omit<SourceCell, "source" | "nbgrader"> & {
  source: string[];
  metadata: { nbgrader?: SourceCell["nbgrader"] };
};

/** What has to do with numbers of one's own: the function to mend, and the prediction. */
const cellsFor = (student: string) =>
  (ownNotebook(name, word, student).cells as Cell[])
    .filter(({ cell_type }) => cell_type === "code")
    .filter(({ id }) => /^(?:identifier|broken|mended|predict)/.test(id))
    .map(({ id, source, metadata }) => ({ id, source: source.join(""), ...metadata.nbgrader }));
const cells = cellsFor("ada");
const tests = cells.filter(({ grade }) => grade);
const shows = cells.filter(({ source }) => /^own(?:Numbers|Result)\(/m.test(source));

async function shown(kernel: Client, source: string): Promise<string> {
  const { reply, outputs } = await kernel.execute(source);
  expect(reply.status, reply.evalue).toBe("ok");
  return outputs.at(-1)?.data?.["text/plain"] ?? "";
}

test("graded: one's own numbers, whatever the submission says, and none for its code to read", {
  timeout: 120_000,
}, async () => {
  const trusted = [...tests, ...shows].map(({ source }) => source);
  const kernel = await startGrader(trusted, { assignment: name, student: "Ada" });
  try {
    const points: Record<string, string> = {};
    for (const { id, source, grade } of cells) {
      // Handed in as somebody else, with Ada's answers.
      const says = id === "identifier" ? source.replace('"ada"', '"bob"') : source;
      const text = await shown(kernel, says);
      if (grade) points[id] = text;
      if (/-numbers$|^broken$|-show$/.test(id)) expect(text).toMatch(/^For «Ada»:/);
    }
    expect(points).toEqual(Object.fromEntries(tests.map(({ id, points }) => [id, String(points)])));
    const bobs = cellsFor("bob").find(({ id }) => id === "predict")?.source as string;
    const { source } = tests.at(-1) as { source: string };
    await shown(kernel, bobs);
    expect(await shown(kernel, source)).toBe("0");
    const reads = `import { ownNumbers } from "./src/coursework";
const read = ownNumbers("forward-pass/predictedOutput", { word: "${word}", identifier });
read;`;
    expect(await shown(kernel, reads)).toMatch(/Your own numbers are for you/);
  } finally {
    await kernel.stop();
  }
});

test("at work: no numbers before one has said who one is, then one's own, and checks of them", {
  timeout: 120_000,
}, async () => {
  await withKernel(async (kernel) => {
    for (const { id, source } of cells.filter(({ id }) => !/-test$/.test(id))) {
      const text = await shown(kernel, released(source));
      if (/-numbers$|^broken$|-show$/.test(id)) expect(text).toMatch(/^Whose numbers\?/);
    }
    for (const { id, source, grade } of cells) {
      const text = await shown(kernel, grade ? released(source) : source);
      if (grade) expect(text).toMatch(/^(?:✓ Right so far|Your prediction)/);
      if (/-numbers$|^broken$|-show$/.test(id)) expect(text).toMatch(/^For «ada»:/);
    }
    const borrowed = `import { ownNumbers } from "./src/coursework";
function weightedDeltas() { return ownNumbers ? [] : [1]; }`;
    await shown(kernel, borrowed);
    const check = tests.find(({ id }) => id === "mended-test");
    expect(await shown(kernel, released(check?.source ?? ""))).toMatch(
      /^✗ ownNumbers does in the library/,
    );
  });
});
