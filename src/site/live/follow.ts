/**
 * What follows from what in a page: which outputs were made with other code than is there now, and what has to run
 * before a cell can. It knows of each cell only which names it declares, which it uses, and what it calls.
 */
import type { Changes, Dependencies as ReadDependencies } from "../../kernel/dependencies";

/** Of one cell. A name that it changes in place counts as declared and used. */
export type Dependencies = Readonly<ReadDependencies>;

export interface FollowedCell extends Dependencies {
  readonly source: string;
}

/** Why an output does not follow any more. */
export interface Cause {
  /** Whether the cell's own code is another. */
  code: boolean;
  /** The names it uses, and that have another value now. */
  names: string[];
  /** Whether a source file that it imports, or those import, was changed. */
  library: boolean;
}

/** What an output is made with: the cell's code, the library's, and what each name stood for. */
interface Ingredients {
  source: string;
  library: string;
  names: Map<string, number>;
}

/**
 * The cells of a page in their order. A cell's *version* is a number for its code together with the versions of all
 * that it builds on, so that code put back as it was makes everything below follow again.
 */
export class Following {
  readonly #cells: FollowedCell[];
  readonly #numbers = new Map<string, number>();
  #next = 0;
  /** The versions of cells that run. */
  readonly #running = new Set<number>();
  readonly #ingredients = new Map<number, Ingredients>();
  /** The version that made the outputs of each cell. */
  readonly #shown: (number | undefined)[];
  /** The version that made those of the notebook's file. */
  readonly #stored: readonly number[];
  /** Which cell gave each name its value in the kernel, and in which version. */
  #owners = new Map<string, { cell: number; version: number }>();
  #library = "";
  #versions: number[] = [];
  /** Of each cell, the names on which it builds, those that its functions use as well. */
  #names: ReadonlySet<string>[] = [];

  /** @param stored the cells as they came: what they show was made with their code */
  constructor(stored: readonly FollowedCell[]) {
    this.#cells = [...stored];
    this.#count();
    this.#stored = this.#versions;
    this.#shown = [...this.#stored];
  }

  /**
   * What a cell declares: of the names that it changes, those that are variables of cells above. What is imported, or the
   * engine's own, is called and not changed, whatever it looks like: `explore.slope()`, `console.log()`.
   */
  #declares: readonly string[][] = [];

  /** Gives a cell other code. */
  change(index: number, cell: FollowedCell): void {
    this.#cells[index] = cell;
    this.#count();
  }

  /** Tells of the library's sources that are not as they came, as one text; "" for none. */
  changeLibrary(edits: string): void {
    this.#library = edits;
    this.#count();
  }

  /** Whether what a cell shows was made with other code than would make it now. */
  isStale(index: number): boolean {
    return this.#shown[index] !== this.#versions[index];
  }

  /** Why a cell is stale; undefined if it is not, or if nobody knows what made its outputs. */
  cause(index: number): Cause | undefined {
    const shown = this.#ingredients.get(this.#shown[index] ?? -1);
    const now = this.#ingredients.get(this.#versions[index]);
    if (!this.isStale(index) || !shown || !now) return undefined;
    const { uses } = this.#cells[index];
    const changed = Array.from(now.names.keys()).filter(
      (name) => shown.names.get(name) !== now.names.get(name),
    );
    const own = changed.filter((name) => uses.includes(name));
    return {
      code: shown.source !== now.source,
      names: own.length > 0 ? own : changed,
      library: shown.library !== now.library,
    };
  }

  /**
   * The cells that have to run before those given can, in order: the kernel does not have what they build on, or has it
   * from other code, or from a cell that stands elsewhere.
   */
  needed(targets: readonly number[]): number[] {
    const wanted = new Set(targets);
    const first = new Set<number>();
    // Running one cell may take a name from another: so the run is gone through until nothing is missing.
    for (;;) {
      const missing = this.#missing(union(wanted, first));
      const added = missing.filter((cell) => !first.has(cell) && !wanted.has(cell));
      if (added.length === 0) return inOrder(first);
      for (const cell of added) first.add(cell);
    }
  }

  /** The cells below one, and itself, that are stale for what it declares; with outputs or without. */
  dependents(index: number): number[] {
    const reached = new Set([index]);
    this.#cells.forEach((_, cell) => {
      if (cell <= index) return;
      for (const name of this.#names[cell]) {
        const from = this.#declarer(name, cell);
        if (from !== undefined && reached.has(from)) reached.add(cell);
      }
    });
    return inOrder(reached);
  }

  /** To be called when a cell begins to run; what it gives is handed to `ended`. */
  begins(index: number): number {
    // While it runs, nobody can count on what it declares.
    for (const name of this.#declares[index]) this.#owners.delete(name);
    this.#running.add(this.#versions[index]);
    return this.#versions[index];
  }

  /** @param how a cell ended; unless it is "ok", nobody can count on what it declares */
  ended(index: number, version: number, how: "ok" | "failed" | "stopped"): void {
    this.#running.delete(version);
    this.#shown[index] = version;
    if (how !== "ok") return;
    for (const name of this.#declares[index]) this.#owners.set(name, { cell: index, version });
  }

  /** The cell shows outputs that were made with its code as it is now. */
  brought(index: number): void {
    this.#shown[index] = this.#versions[index];
  }

  /** The cell shows again what the notebook's file holds. */
  restored(index: number): void {
    this.#shown[index] = this.#stored[index];
  }

  /** Nobody knows what a cell's outputs were made with. */
  forget(index: number): void {
    this.#shown[index] = undefined;
  }

  /** The kernel has forgotten everything. */
  restarted(): void {
    this.#owners = new Map();
  }

  #has(
    owners: ReadonlyMap<string, { cell: number; version: number }>,
    name: string,
    cell: number,
  ): boolean {
    const owner = owners.get(name);
    return owner?.cell === cell && owner.version === this.#versions[cell];
  }

  /** The cells whose values are missing when others run in order. */
  #missing(running: ReadonlySet<number>): number[] {
    const owners = new Map(this.#owners);
    const missing = new Set<number>();
    for (const cell of inOrder(running)) {
      for (const name of this.#names[cell]) {
        const from = this.#declarer(name, cell);
        if (from !== undefined && !this.#has(owners, name, from)) missing.add(from);
      }
      for (const name of this.#declares[cell])
        owners.set(name, { cell, version: this.#versions[cell] });
    }
    return inOrder(missing);
  }

  /** The last cell above one that declares a name. */
  #declarer(name: string, below: number): number | undefined {
    for (let cell = below - 1; cell >= 0; cell--)
      if (this.#declares[cell]?.includes(name)) return cell;
    return undefined;
  }

  /** The names that code in a cell changes by what it calls, in that cell or those above. */
  #changed(changes: Changes, at: number): Set<string> {
    const names = Array.from(this.#follow(changes, at, []));
    return new Set(names.flatMap((name) => (typeof name === "string" ? name : [])));
  }

  /** As `Changes` names them: names, and places of arguments. */
  #follow(changes: Changes, at: number, within: readonly Changes[]): Set<string | number> {
    const found = new Set(changes.sets);
    if (within.includes(changes)) return found; // it calls itself
    for (const [callee, ...args] of changes.calls) {
      const root = callee.split(".")[0];
      const isOwn = this.#cells[at].declares.includes(root) && !this.#cells[at].uses.includes(root);
      const from = isOwn ? at : this.#declarer(root, at);
      const called = from === undefined ? undefined : this.#cells[from].functions?.[callee];
      if (!called) continue;
      for (const name of this.#follow(called, at, [...within, changes])) {
        const given = typeof name === "number" ? args[name] : name;
        if (given !== null && given !== undefined) found.add(given);
      }
    }
    return found;
  }

  #isVariable(name: string, below: number): boolean {
    const from = this.#declarer(name, below);
    if (from === undefined) return false;
    const clause = new RegExp(
      `\\bimport\\b[^;"'=]*(?<![\\w$])${name.replace(/\$/g, "\\$")}(?![\\w$])[^;"'=]*["']`,
    );
    return !clause.test(this.#cells[from].source);
  }

  #count(): void {
    this.#versions = [];
    this.#names = [];
    const declares: string[][] = [];
    this.#declares = declares;
    this.#cells.forEach((cell, index) => {
      declares.push([]);
      const calls = { sets: [], calls: cell.calls ?? [] };
      const all = union(new Set(cell.declares), this.#changed(calls, index));
      declares[index] = Array.from(all).filter((name) =>
        cell.uses.includes(name) || !cell.declares.includes(name)
          ? this.#isVariable(name, index)
          : true,
      );
      const names = new Set(cell.uses);
      // A function uses its names when it is called, and that may be here.
      for (const name of names) {
        const from = this.#declarer(name, index);
        if (from !== undefined) for (const more of this.#names[from]) names.add(more);
      }
      this.#names.push(names);
      const made: Ingredients = {
        source: cell.source,
        library: /["']\.{1,2}\/src\b/.test(cell.source) ? this.#library : "",
        names: new Map(),
      };
      for (const name of Array.from(names).sort()) {
        const from = this.#declarer(name, index);
        if (from !== undefined) made.names.set(name, this.#versions[from]);
      }
      const key = JSON.stringify([index, made.source, made.library, [...made.names]]);
      const version = this.#numbers.get(key) ?? this.#next++;
      this.#numbers.set(key, version);
      this.#ingredients.set(version, made);
      this.#versions.push(version);
    });
    if (this.#numbers.size > 20 * this.#cells.length + 100) this.#forgetOld();
  }

  /** Each letter typed makes versions; only those count that something was made with. */
  #forgetOld(): void {
    const owned = Array.from(this.#owners.values(), ({ version }) => version);
    const counting = new Set([
      ...this.#versions,
      ...this.#stored,
      ...this.#shown,
      ...this.#running,
      ...owned,
    ]);
    // And what these were made with.
    for (const version of counting) {
      const made = this.#ingredients.get(version ?? -1);
      for (const more of made?.names.values() ?? []) counting.add(more);
    }
    for (const [key, version] of this.#numbers) {
      if (counting.has(version)) continue;
      this.#numbers.delete(key);
      this.#ingredients.delete(version);
    }
  }
}

function union<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): Set<T> {
  return new Set([...a, ...b]);
}

function inOrder(cells: ReadonlySet<number>): number[] {
  return Array.from(cells).sort((a, b) => a - b);
}
