/** All assignments, in order. */
import { activationFunctions } from "./activation-functions";
import { attention } from "./attention";
import { convolution } from "./convolution";
import { deltas } from "./deltas";
import { forwardPass } from "./forward-pass";
import { repairXor } from "./repair-xor";
import type { Assignment } from "./task";
import { throughTime } from "./through-time";
import { training } from "./training";
import { weightUpdates } from "./weight-updates";

export const assignments: readonly Assignment[] = [
  activationFunctions,
  forwardPass,
  deltas,
  weightUpdates,
  training,
  repairXor,
  convolution,
  throughTime,
  attention,
];
