/** Data sets, each with its source. */

export * from "./data/digits";
export * from "./data/shapes";
export * from "./data/truth-tables";
