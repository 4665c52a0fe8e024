/** The tests that need neither a kernel nor a page: those that a mutant can be put to within seconds. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/{arithmetic,nn,training,graph,data,exercise}/**/*.test.ts"],
    isolate: false,
    exclude: ["test/**/compiled.test.ts"],
  },
});
