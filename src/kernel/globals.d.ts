/**
 * The few names of Node's that nearly every notebook uses, for cells that use no other: Node's own types cost
 * half of the kernel's start and 45 MB. What is missing here is looked up there. (See cells.ts. The types have
 * no names of their own, so that what a cell declares by them holds under Node's, too.)
 */
declare const console: Record<
  "log" | "info" | "warn" | "error" | "debug",
  (...data: unknown[]) => void
> & { table(data: unknown, columns?: readonly string[]): void };

declare const performance: { now(): number };
