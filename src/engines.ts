/** Passes over many samples by code made for a network's shape, the same numbers as by the readable functions. */
export { createEngine } from "./engines/create";
export type { Engine, EngineKind } from "./engines/engine";
export { straightLineSource } from "./engines/straight-line";
