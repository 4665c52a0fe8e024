/** Data sets, each with its source. */
export * from "./data/truth-tables";
