/** All assignments, in order. */
import { activationFunctions } from "./activation-functions";
import { deltas } from "./deltas";
import { forwardPass } from "./forward-pass";
import { repairXor } from "./repair-xor";
import type { Assignment } from "./task";
import { training } from "./training";
import { weightUpdates } from "./weight-updates";

export const assignments: readonly Assignment[] = [
  activationFunctions,
  forwardPass,
  deltas,
  weightUpdates,
  training,
  repairXor,
];
