/** Running the cells of a page: what has to run first, one after the other, stopped, and seen. Nothing here draws. */
import type { CellOutput, PageKernel } from "../../kernel/page/kernel";
import { type Cause, Following } from "./follow";
import type { CellData } from "./page-data";

/** Longer runs that the reader did not ask for are asked about first, in seconds. */
export const longRun = 5;

/** Where the outputs of a cell go. */
export interface OutputPlace {
  readonly isEmpty: boolean;
  begin(): void;
  add(output: CellOutput): void;
  end(): void;
}

/** How a cell's last run went. */
export type Outcome = "ok" | "failed" | "stopped" | "not reached";

export class SessionCell {
  readonly id: string;
  readonly tags: readonly string[];
  /** As the course has it. */
  readonly original: string;
  readonly outputs: OutputPlace;
  source: string;
  state: "idle" | "waiting" | "running" = "idle";
  outcome: Outcome | undefined;
  /** The number of its last run, as in Jupyter's brackets. */
  count: number | undefined;
  /** How long it took last, or when its outputs were stored. */
  seconds: number | undefined;

  constructor(data: CellData, original: string, source: string, outputs: OutputPlace) {
    this.id = data.id;
    this.tags = data.tags ?? [];
    this.seconds = data.seconds;
    this.original = original;
    this.source = source;
    this.outputs = outputs;
  }

  get isEdited(): boolean {
    return this.source !== this.original;
  }
}

/** What the page says about the kernel and the run. */
export type Said =
  | { kind: "nothing" }
  | { kind: "loading"; share: number; what: string }
  | { kind: "running"; cell: SessionCell; isFirst: boolean; left: number }
  | { kind: "stopping" }
  | { kind: "ask"; first: SessionCell[]; targets: SessionCell[]; seconds: number }
  | { kind: "told" | "trouble"; text: string; link?: { text: string; href: string } };

export interface SessionOptions {
  cells: readonly SessionCell[];
  data: readonly CellData[];
  /** Loads the kernel; called when it is first needed. */
  createKernel(): Promise<PageKernel>;
  /** Sources of the library that the reader has changed, by their paths. */
  sources: Record<string, string>;
  /** Called before anything runs: what is typed has to be safe by then. */
  keep(): void;
  /** Called after each change of what is to be seen. */
  changed(): void;
}

export class Session {
  readonly cells: readonly SessionCell[];
  said: Said = { kind: "nothing" };
  readonly #options: SessionOptions;
  #following: Following;
  #isFollowed: boolean;
  #kernel: PageKernel | undefined;
  #starting: Promise<PageKernel> | undefined;
  /** The runs that were asked for, one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #isStopping = false;
  #running: SessionCell | undefined;
  #answer: ((go: boolean) => void) | undefined;
  /** Edits whose names the kernel has not told yet. */
  readonly #unread = new Set<number>();

  constructor(options: SessionOptions) {
    this.#options = options;
    this.cells = options.cells;
    this.#isFollowed = options.data.every(({ dependencies }) => dependencies);
    this.#following = this.#follow(options.data.map(({ dependencies }) => dependencies));
    this.cells.forEach((cell, index) => {
      if (cell.isEdited) this.#unread.add(index);
    });
  }

  get kernel(): PageKernel | undefined {
    return this.#kernel;
  }

  get isBusy(): boolean {
    return this.cells.some(({ state }) => state !== "idle");
  }

  /** Starts the kernel, once; called before it is needed it saves the reader the wait. @throws Error if it cannot be had */
  start(): Promise<PageKernel> {
    this.#starting ??= this.#start().catch((error) => {
      this.#starting = undefined; // the next try may succeed
      this.#say({ kind: "trouble", text: `The kernel did not start: ${error.message}` });
      throw error;
    });
    return this.#starting;
  }

  async #start(): Promise<PageKernel> {
    this.#say({ kind: "loading", share: 0, what: "Loading the kernel" });
    const kernel = await this.#options.createKernel();
    await kernel.start((share, what) => this.#say({ kind: "loading", share, what }));
    for (const [path, text] of Object.entries(this.#options.sources))
      await kernel.writeSource(path, text);
    this.#kernel = kernel;
    if (!this.#isFollowed) {
      const found = await kernel.dependencies(this.cells.map(({ original }) => original));
      this.#isFollowed = true;
      this.#following = this.#follow(found);
      this.cells.forEach((cell, index) => {
        if (cell.isEdited) this.#unread.add(index);
      });
    }
    await this.#readEdits();
    this.#say({ kind: "nothing" });
    return kernel;
  }

  /** The page's stored outputs follow from the course's code; then come the reader's edits. */
  #follow(known: readonly (CellData["dependencies"] | undefined)[]): Following {
    const following = new Following(
      this.cells.map(({ original }, n) => ({
        source: original,
        ...(known[n] ?? { declares: [], uses: [] }),
      })),
    );
    this.#known = known.map((one) => one ?? { declares: [], uses: [] });
    this.cells.forEach((cell, n) => {
      if (cell.isEdited) following.change(n, { source: cell.source, ...this.#known[n] });
    });
    following.changeLibrary(this.#library());
    return following;
  }

  #known: NonNullable<CellData["dependencies"]>[] = [];

  #library(): string {
    const edits = Object.entries(this.#options.sources).sort(([a], [b]) => (a < b ? -1 : 1));
    return edits.length > 0 ? JSON.stringify(edits) : "";
  }

  /** The reader typed; what the cell declares and uses is asked for when it is needed, or by `settle`. */
  edit(index: number, source: string): void {
    const cell = this.cells[index];
    if (cell.source === source) return;
    cell.source = source;
    this.#following.change(index, { source, ...this.#known[index] });
    this.#unread.add(index);
    this.#options.changed();
  }

  /** Brings what is known of edited cells up to date, if the kernel is there to ask. */
  async settle(): Promise<void> {
    if (!this.#kernel || this.#unread.size === 0) return;
    await this.#readEdits();
    this.#options.changed();
  }

  async #readEdits(): Promise<void> {
    const kernel = this.#kernel;
    if (!kernel) return;
    const edited = Array.from(this.#unread);
    if (edited.length === 0) return;
    this.#unread.clear();
    const sources = edited.map((index) => this.cells[index].source);
    // Of code that is only half written, nothing is known: what it was before stands.
    const found = await kernel
      .dependencies(sources)
      .catch(() => sources.map((_, n) => this.#known[edited[n]]));
    edited.forEach((index, n) => {
      this.#known[index] = found[n];
      if (this.cells[index].source === sources[n])
        this.#following.change(index, { source: sources[n], ...found[n] });
      else this.#unread.add(index);
    });
  }

  /** A cell's outputs do not follow from the code any more. Where nothing is shown, nothing is stale. */
  isStale(index: number): boolean {
    const { outputs, state } = this.cells[index];
    if (state !== "idle") return false;
    return !outputs.isEmpty && this.#following.isStale(index);
  }

  cause(index: number): Cause | undefined {
    return this.#following.cause(index);
  }

  stale(): number[] {
    return this.cells.map((_, index) => index).filter((index) => this.isStale(index));
  }

  /**
   * The stale cells that build on one: those that can be run without a word, as they do not take long together, and those
   * that are left, with how long they take with what they need, in seconds.
   */
  async followers(index: number): Promise<{ soon: number[]; later: number[]; seconds: number }> {
    await this.#readEdits();
    const secondsWith = (cells: number[]) =>
      this.#secondsOf([...this.#following.needed(cells), ...cells]);
    const [soon, later]: number[][] = [[], []];
    for (const cell of this.#following.dependents(index)) {
      if (!this.isStale(cell)) continue;
      if (secondsWith([...soon, cell]) <= longRun) soon.push(cell);
      else later.push(cell);
    }
    return { soon, later, seconds: secondsWith(later) };
  }

  /** A cell shows what was stored with its code, in the course's file or in the reader's. */
  stored(index: number, where: "course" | "file"): void {
    const cell = this.cells[index];
    cell.outcome = undefined;
    cell.count = undefined;
    if (where === "course") this.#following.restored(index);
    else this.#following.brought(index);
    this.#options.changed();
  }

  /** To be called when the reader has changed a source of the library, or put it back. */
  async changeSources(sources: Record<string, string>): Promise<void> {
    this.#options.sources = sources;
    this.#following.changeLibrary(this.#library());
    this.#options.changed();
  }

  /**
   * Runs cells, and first what they need. Resolves when all have ended.
   *
   * @param isAsked whether the reader has agreed to long runs, and did not just type
   */
  run(targets: readonly number[], isAsked = false): Promise<void> {
    this.#options.keep();
    for (const index of targets) this.#wait(this.cells[index]);
    this.#options.changed();
    const done = this.#last.then(() => this.#runNow(targets, isAsked));
    this.#last = done.catch(() => {});
    return done;
  }

  #wait(cell: SessionCell): void {
    if (cell.state === "idle") cell.state = "waiting";
  }

  async #runNow(targets: readonly number[], isAsked: boolean): Promise<void> {
    if (this.#isStopping) return this.#giveUp(targets);
    try {
      await this.start();
      await this.#readEdits();
    } catch {
      return this.#giveUp(targets);
    }
    const first = this.#following.needed(targets);
    const seconds = this.#secondsOf(first);
    if (!isAsked && seconds > longRun && !(await this.#ask(first, targets, seconds)))
      return this.#giveUp(targets);
    const order = [...new Set([...first, ...targets])].sort((a, b) => a - b);
    for (const index of order) this.#wait(this.cells[index]);
    for (const [n, index] of order.entries()) {
      if (this.#isStopping) break;
      const isFirst = !targets.includes(index);
      const left = order.length - n - 1;
      const ended = await this.#runOne(index, isFirst, left);
      if (ended !== "ok" && !this.cells[index].tags.includes("raises-exception")) {
        this.#tellUnreached(this.cells[index], order.slice(n + 1), ended);
        break;
      }
    }
    this.#giveUp(order);
    if (this.said.kind === "running") this.#say({ kind: "nothing" });
  }

  #tellUnreached(cell: SessionCell, rest: readonly number[], ended: Outcome): void {
    if (rest.length === 0 || ended !== "failed") return;
    for (const index of rest) this.cells[index].outcome = "not reached";
    const many = rest.length === 1 ? "The next cell was" : `${rest.length} cells below were`;
    this.#say({ kind: "told", text: `${many} not run: cell ${this.place(cell)} failed.` });
  }

  /** What was to run and did not stands as it stood. */
  #giveUp(cells: readonly number[]): void {
    for (const index of cells)
      if (this.cells[index].state === "waiting") this.cells[index].state = "idle";
    this.#options.changed();
  }

  /** How the page calls a cell: its place among the code cells, from 1. */
  place(cell: SessionCell): number {
    return this.cells.indexOf(cell) + 1;
  }

  async #runOne(
    index: number,
    isFirst: boolean,
    left: number,
  ): Promise<Exclude<Outcome, "not reached">> {
    const cell = this.cells[index];
    const kernel = await this.start();
    if (this.#unread.has(index)) await this.#readEdits();
    cell.state = "running";
    this.#running = cell;
    this.#say({ kind: "running", cell, isFirst, left });
    const start = performance.now();
    // What ran only for its values goes on showing what it showed, if that is still right: explorables keep their settings.
    const isShown = !isFirst || this.#following.isStale(index) || cell.outputs.isEmpty;
    const held: CellOutput[] = [];
    if (isShown) cell.outputs.begin();
    const version = this.#following.begins(index);
    let outcome: Exclude<Outcome, "not reached"> = "stopped";
    try {
      const { status, executionCount, ename } = await kernel.execute(cell.source, (output) => {
        if (isShown) cell.outputs.add(output);
        else if (output.output_type === "error") held.push(output);
      });
      cell.count = executionCount;
      if (status === "ok") outcome = "ok";
      else outcome = status === "error" && ename !== "Interrupted" ? "failed" : "stopped";
    } catch (error) {
      // The kernel itself is gone, with all variables: the page has to say so where the cell stands.
      this.#following.restarted();
      held.push({
        output_type: "error",
        ename: "Kernel",
        evalue: (error as Error).message,
        traceback: [],
      });
    }
    if (held.length > 0 && !isShown) cell.outputs.begin();
    for (const output of held) cell.outputs.add(output);
    if (held.length > 0 || isShown) cell.outputs.end();
    if (outcome === "ok") cell.seconds = (performance.now() - start) / 1000;
    const mayFail = cell.tags.includes("raises-exception");
    this.#following.ended(index, version, outcome === "failed" && mayFail ? "ok" : outcome);
    cell.outcome = outcome;
    cell.state = "idle";
    this.#running = undefined;
    this.#options.changed();
    return outcome;
  }

  #secondsOf(cells: readonly number[]): number {
    return cells.reduce((sum, index) => sum + (this.cells[index].seconds ?? 0), 0);
  }

  #ask(first: readonly number[], targets: readonly number[], seconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.#answer = (go) => {
        this.#answer = undefined;
        this.#say({ kind: "nothing" });
        resolve(go);
      };
      this.#say({
        kind: "ask",
        first: first.map((index) => this.cells[index]),
        targets: targets.map((index) => this.cells[index]),
        seconds,
      });
    });
  }

  /** The reader's answer to a long run. */
  answer(go: boolean): void {
    this.#answer?.(go);
  }

  /**
   * Stops the cell that runs, and those that wait.
   *
   * @param isToRunAgain whether that is to make way for the same cells with other values
   */
  async stop(isToRunAgain = false): Promise<void> {
    if (!this.isBusy) return;
    this.#isStopping = true;
    this.answer(false);
    const cell = this.#running;
    let text = "Nothing runs any more.";
    if (cell && this.#kernel) {
      this.#say({ kind: "stopping" });
      const left = await this.#kernel.interrupt().catch(() => "lost" as const);
      if (left === "lost") this.#following.restarted();
      text =
        left === "kept"
          ? `Cell ${this.place(cell)} was stopped; all variables are as they were when it stopped.`
          : `Cell ${this.place(cell)} could only be stopped by restarting the kernel: its variables are gone. What a cell needs runs again by itself when you run the cell.`;
    }
    await this.#last;
    this.#isStopping = false;
    if (isToRunAgain && cell) this.#following.forget(this.cells.indexOf(cell));
    this.#say(isToRunAgain ? { kind: "nothing" } : { kind: "told", text });
  }

  /** Restarts the kernel, with no variables. */
  async restart(): Promise<void> {
    await this.stop();
    await this.#kernel?.restart();
    this.#following.restarted();
    for (const cell of this.cells) cell.count = undefined;
    this.#say({ kind: "told", text: "The kernel was restarted: all variables are gone." });
  }

  tell(text: string, isTrouble = false, link?: { text: string; href: string }): void {
    this.#say({ kind: isTrouble ? "trouble" : "told", text, link });
  }
  quiet(): void {
    this.#say({ kind: "nothing" });
  }

  #say(said: Said): void {
    this.said = said;
    this.#options.changed();
  }
}
