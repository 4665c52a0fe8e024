/** A kernel that grades, as nbgrader starts it for a submission. */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, startKernel } from "./client";

interface How {
  /** Whose name the folder bears in which the submission lies. Default: one that there is not. */
  assignment?: string;
  /** Whose it is. */
  student?: string;
  secondsPerCell?: number;
  secondsPerTest?: number;
  megabytes?: number;
  showCase?: boolean;
}

/** @param tests the texts of the cells that are the instructor's */
export async function startGrader(
  tests: readonly string[],
  { assignment = "submission", student = "student", ...limits }: How = {},
): Promise<Client> {
  const folder = mkdtempSync(join(tmpdir(), "grading-"));
  const cwd = join(folder, student, assignment);
  mkdirSync(cwd, { recursive: true });
  const settings = join(folder, "settings.json");
  const trusted = tests.map((text) => createHash("sha256").update(text).digest("hex"));
  writeFileSync(settings, JSON.stringify({ trusted, ...limits }));
  const kernel = await startKernel([`--grading=${settings}`], { cwd });
  return {
    ...kernel,
    async stop() {
      await kernel.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
