/** The mutation tester's settings: small faults are put into the sources, and the tests are to notice each. */
export default {
  mutate: ["src/{arithmetic,nn,training,graph,data,exercise}/**/*.ts", "!src/data/digits-text.ts"],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutants/vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  concurrency: 1,
  // It would read tsconfig.json by TypeScript's old interface, which the project's compiler has no more.
  tsconfigFile: "test/mutants/none.json",
  ignorePatterns: [
    "*",
    "!src",
    "!src/**",
    "!test",
    "!test/**",
    "test/bench",
    "**/node_modules",
    "!package.json",
  ],
  tempDirName: ".jupyter/mutants",
  reporters: ["clear-text", "progress-append-only", "json"],
  jsonReporter: { fileName: ".jupyter/mutants.json" },
  clearTextReporter: { logTests: false, allowColor: false, allowEmojis: false },
};
