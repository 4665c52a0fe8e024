/**
 * Code made for a shape, the same numbers as by the readable functions: passes of a network over many samples, and
 * single products of matrices.
 */
export { createEngine } from "./engines/create";
export type { Engine, EngineKind, Precision, Trainable } from "./engines/engine";
export { createLoop, type Loop, type Path, type Walked } from "./engines/loops";
export { matrixProduct, type Product } from "./engines/product";
export { countReads } from "./engines/reads";
export { keepRecent } from "./engines/recent";
export { straightLineSource } from "./engines/straight-line";
export type { Samples } from "./nn/checks";
