import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Tests that start kernels, or draw figures as a page does: they take minutes together, all others half a minute. Those
 * that take longest begin first, in this order, or the last of them would be waited for alone.
 */
const slow = [
  "test/notebooks/notebooks.test.ts",
  "test/kernel/grading.test.ts",
  "test/coursework/attacks.test.ts",
  "test/coursework/releases.test.ts",
  "test/kernel/**/*.test.ts",
  "test/notebooks/{build-it-yourself,diverged,prose}.test.ts",
  "test/coursework/{idioms,own-graded}.test.ts",
  "test/show/**/*.test.ts",
  "test/ledger.test.ts",
];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project, moduleId }: TestSpecification) => {
      if (project.name !== "whole") return slow.length;
      const at = slow.findIndex((path) => moduleId.endsWith(`/${path}`));
      return at < 0 ? slow.length - 1 : at;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    // Some tests wait for a limit to pass: meanwhile another may have their processor.
    maxWorkers: availableParallelism() + 1,
    execArgv: ["--require", join(import.meta.dirname, "src/kernel/node/budget.cjs")],
    // Notebooks at once, each in a kernel of its own, beside all other tests.
    maxConcurrency: availableParallelism() + 1,
    // Files that follow each other in one process find modules, jsdom and Plotly loaded: a third of the work.
    isolate: false,
    sequence: { sequencer: SlowFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...slow, "**/node_modules/**"],
        },
      },
      {
        extends: true,
        test: { name: "whole", include: slow, globalSetup: "test/kernel/check-sources.ts" },
      },
    ],
  },
});
