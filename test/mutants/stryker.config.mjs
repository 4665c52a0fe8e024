/**
 * The mutation tester's settings. It puts small faults (mutants) into a copy of the sources, and runs for each
 * the tests that come by there. What no test notices is a survivor: a test is missing, or the mutant is
 * equivalent.md's kind and changes nothing.
 */
export default {
  mutate: [
    "src/names.ts",
    "src/{arithmetic,nn,training,graph,data,exercise,arrays,tensors}/**/*.ts",
    "!src/data/digits-text.ts",
    // Not src/engines: a test of its own compares their code with the readable, and takes too long here.
  ],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutants/vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  concurrency: 1,
  // It would read tsconfig.json by an interface of TypeScript's that version 7 no longer has.
  tsconfigFile: "test/mutants/none.json",
  ignorePatterns: ["*", "!src", "!src/**", "!test", "!test/**", "**/node_modules", "!package.json"],
  tempDirName: ".jupyter/mutants",
  reporters: ["clear-text", "progress-append-only", "json"],
  jsonReporter: { fileName: ".jupyter/mutants.json" },
  clearTextReporter: { reportTests: false, allowColor: false, allowEmojis: false },
};
