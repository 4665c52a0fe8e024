/** Cells as a reader runs them: counted, shown, interrupted. Who asks for it, and hears of it, is not known here. */
import type * as ts from "@tslab/typescript-for-tslab";
import { isCompleteCode } from "tslab/dist/converter";
import { printQuickInfo } from "tslab/dist/inspect";
import type { Uses } from "../coursework/offered";
import { bundleOf, checkBundle } from "./bundle";
import type { Cells } from "./cells";
import type { ErrorReport } from "./errors";
import { Interruption, type Loops } from "./interrupt";
import { type CellOutput, createCellOutput, type Send } from "./output";
import { platform } from "./platform";
import { createRun, type Run } from "./run";
import { usesOf } from "./uses";

/** What became of a cell. */
export interface Outcome {
  /** The number in its brackets. */
  count: number;
  error?: ErrorReport;
}

export interface Session {
  /** The number of the cell that runs, or ran last. */
  readonly count: number;
  /** The cell that runs, or ran last: output that belongs to none is shown there. */
  readonly lastCell: CellOutput | undefined;
  /** The run of the last cell, while it lasts. */
  readonly running: Run | undefined;
  /** The cell that runs here, or has started the timer or promise that does; otherwise the last. */
  ownCell(): CellOutput | undefined;
  /**
   * Runs a cell, one at a time.
   *
   * @param send gets what it prints and shows, as Jupyter's messages; nothing if the cell is silent
   */
  execute(
    code: string,
    send: Send,
    how?: { silent?: boolean; isCounted?: boolean },
  ): Promise<Outcome>;
  /** Tells the cell that runs that it is to end. */
  interrupt(): void;
  display(bundle: unknown, options?: DisplayOptions): void;
  isComplete(code: string): { completed: boolean; indent?: string };
  /** What is known of what stands at a position; undefined if nothing is. */
  inspect(code: string, position: number): string | undefined;
  complete: Cells["complete"];
  report: Cells["report"];
  /** Shows what was thrown outside all cells with the cell that it came from. */
  complain(thrown: unknown): void;
}

export interface DisplayOptions {
  /** By which the display can be updated in place later. */
  id?: unknown;
  update?: boolean;
}

export interface SessionOptions {
  /** Makes what runs the cells, once figures and checks find what the kernel offers to them. */
  cells: () => Cells | Promise<Cells>;
  loops: Loops;
  /** Whether checks may ask what a variable's code uses. */
  tellsUses: boolean;
}

export async function createSession(options: SessionOptions): Promise<Session> {
  const { loops, tellsUses } = options;
  let lastCell: CellOutput | undefined;
  const byCount = new Map<number, CellOutput>();
  let running: Run | undefined;
  let count = 0;
  /** The cells that were run, and that runs: not those that are no TypeScript. */
  const codes: string[] = [];
  const ownCell = () => platform.currentCell.getStore() ?? lastCell;

  function display(bundle: unknown, { id, update }: DisplayOptions = {}): void {
    ownCell()?.display(checkBundle(bundle), { id: id === undefined ? id : String(id), update });
  }

  /**
   * What the kernel offers to figures: a place to show themselves, a signal that tells of an interrupt, and time to end
   * what they have begun; and to checks: which cell a variable comes from, and what its code uses.
   */
  const host = {
    display,
    get signal() {
      const cell = ownCell();
      return cell && loops.signalOf(cell.interruption);
    },
    waitUntil(work: Promise<unknown>) {
      const cell = ownCell();
      work.catch((thrown) => cell?.write("stderr", textOf(thrown)));
      if (cell === lastCell) running?.waitUntil(work);
    },
    cellOf: (name: string) => cells.cellOf(name),
    uses: tellsUses ? (name: string): Uses | undefined => usesOf(codes, name) : undefined,
  };
  Object.defineProperty(globalThis, Symbol.for("Jupyter.host"), { value: host });
  const cells = await options.cells();

  const textOf = (thrown: unknown) => `${cells.report(thrown).traceback.join("\n")}\n`;

  return {
    get count() {
      return count;
    },
    get lastCell() {
      return lastCell;
    },
    get running() {
      return running;
    },
    ownCell,
    display,
    async execute(code, send, { silent = false, isCounted = true } = {}) {
      if (!silent && isCounted) count++;
      if (!silent) codes.push(code);
      const cell = createCellOutput(count, silent, send);
      const tell: Send = silent ? () => {} : send;
      lastCell = cell;
      byCount.set(count, cell);
      tell("execute_input", { code, execution_count: count });

      loops.goOn();
      const run = createRun(cell.interruption, () => {
        loops.stop();
        cells.interrupt();
      });
      running = run;
      let { value, error } = await platform.currentCell.run(cell, () =>
        cells.run(code, `${silent ? "hidden cell" : "cell"} ${count}`),
      );
      // The reader may not be who stopped it; and what the cell itself throws counts more.
      if (error?.ename === "Interrupted" && run.reason !== undefined)
        error = cells.report(run.reason);
      run.endStep();
      if (!error && value !== undefined) {
        try {
          // To guard takes longer than most cells: a number or a text runs no code of the reader's when it is shown.
          const runsCode = typeof value === "object" || typeof value === "function";
          const show = () => bundleOf(value);
          const data = await platform.currentCell.run(cell, () =>
            run.orGivenUp(runsCode ? platform.guard(show) : show()),
          );
          cell.flush();
          tell("execute_result", { execution_count: count, data, metadata: {} });
        } catch (thrown) {
          error = cells.report(thrown);
        }
        run.endStep();
      }
      await run.settled();
      run.endStep();
      running = undefined;
      if (error?.ename === "TypeScript error" && !silent) codes.pop();
      cell.end();
      if (error) tell("error", error);
      return { count, error };
    },
    interrupt() {
      running?.interrupt(new Interruption("The cell was stopped."));
    },
    isComplete: isCompleteCode,
    inspect(code, position) {
      const info: ts.QuickInfo | undefined = cells.inspect(code, position);
      return info && printQuickInfo(info);
    },
    complete: cells.complete,
    report: cells.report,
    complain(thrown) {
      const text = textOf(thrown);
      const source = /^cell (\d+), line/m.exec(text);
      const cell = platform.currentCell.getStore() ?? byCount.get(Number(source?.[1])) ?? lastCell;
      cell?.write("stderr", text);
    },
  };
}
