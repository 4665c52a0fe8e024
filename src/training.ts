/** Many steps: how each follows from the gradient, how far it goes, when they end. By code that `engines` makes. */
export { History } from "./training/history";
export * from "./training/optimisers";
export * from "./training/schedules";
export {
  DivergenceError,
  type Ending,
  Training,
  type TrainingOptions,
  train,
} from "./training/training";
export { descendValley, type Valley } from "./training/valley";
