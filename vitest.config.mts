import { defineConfig } from "vitest/config";

/** Tests that start kernels, or draw figures as a page does: they take minutes together, all others half a minute. */
const slow = [
  "test/kernel/**/*.test.ts",
  "test/notebooks/{build-it-yourself,diverged,notebooks,prose}.test.ts",
  "test/coursework/{attacks,idioms,releases}.test.ts",
  "test/show/**/*.test.ts",
  "test/ledger.test.ts",
];

export default defineConfig({
  test: {
    maxWorkers: "100%",
    // Files that follow each other in one process find modules, jsdom and Plotly loaded: a third of the work.
    isolate: false,
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
