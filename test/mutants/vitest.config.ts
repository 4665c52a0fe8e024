/** The tests that a mutant is put to: those that need neither a kernel nor a page, and take moments. */
import type { RunnerTestCase } from "vitest";
import { configDefaults, defineConfig } from "vitest/config";
import type { Reporter, Vitest } from "vitest/node";

/** A room's own tests, "test/training/*.test.ts", are soon through; whatever survives them can be put to all. */
const own = process.env.MUTANT_TESTS?.split(" ");

/**
 * Stryker looks at tests alone, and takes a file that fails as it loads, and so has none, for one that passes. Such a
 * file gets a test that has failed.
 */
class FailedFiles implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(): void {
    for (const file of this.#vitest?.state.getFiles() ?? []) {
      if (file.result?.state !== "fail" || file.tasks.length > 0) continue;
      const { id, result } = file;
      const test = { type: "test", mode: "run", name: "loads", id: `${id}_loads`, result, file };
      file.tasks.push(test as RunnerTestCase);
    }
  }
}

export default defineConfig({
  test: {
    include: own ?? [
      "test/names.test.ts",
      "test/{arithmetic,nn,training,graph,data,exercise,arrays,tensors}/**/*.test.ts",
    ],
    exclude: [
      ...configDefaults.exclude,
      "test/**/same-bits.test.ts", // reads the sources, and would read the mutants'
    ],
    reporters: ["default", new FailedFiles()],
    testTimeout: 60_000, // beside other work even a test of moments takes its time
    isolate: false, // what a new start costs for each mutant is most of the time
  },
});
