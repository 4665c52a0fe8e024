/** Where the numbers of arrays of any rank lie: shapes, and ways through them. Nothing here knows of slopes. */
export * from "./arrays/axes";
export * from "./arrays/memory";
export * from "./arrays/moves";
export * from "./arrays/places";
export * from "./arrays/products";
export * from "./arrays/shapes";
export * from "./arrays/windows";
