/** Where the numbers of arrays of any rank lie: shapes, and ways through them. Nothing here knows of slopes. */
export { type Groups, groupsAlong, reduced, together } from "./arrays/axes";
export { giveBack, keep, type Memory, room, withMemory } from "./arrays/memory";
export { gathered, joined, type Move, reshaped, sliced, transposed } from "./arrays/moves";
export { copy, paths, places, spread, stepsOf, stretched } from "./arrays/places";
export { multiplied, multiply } from "./arrays/products";
export {
  type Axes,
  axisOf,
  checkShape,
  faultOf,
  type Nested,
  nested,
  numbersOf,
  placeOf,
  type Shape,
  shown,
  sizeOf,
  zeros,
} from "./arrays/shapes";
export { type ConvolutionOptions, meetings, put, take, windows } from "./arrays/windows";
