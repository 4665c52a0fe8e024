/** The reader's own checks: was the answer right, and if not, which mistake does it look like? */
export * from "./exercise/answers";
