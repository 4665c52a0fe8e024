/** The tests that a mutant is put to: those that need neither a kernel nor a page, and take moments. */
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "test/names.test.ts",
      "test/{arithmetic,nn,training,graph,data,exercise}/**/*.test.ts",
    ],
    exclude: [
      ...configDefaults.exclude,
      "test/**/same-bits.test.ts", // reads the sources, and would read the mutants'
    ],
    testTimeout: 60_000, // beside other work even a test of moments takes its time
    isolate: false, // what a new start costs for each mutant is most of the time
  },
});
