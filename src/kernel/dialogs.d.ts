/** What every cell can ask the reader by: see input.ts. Node's own types do not have them. */
declare function prompt(
  message?: string,
  initial?: string,
  options?: { password?: boolean },
): string | null;
declare function confirm(message?: string): boolean;
declare function alert(message?: string): void;
