/**
 * The variables of cells: each in an object of its own, under its own name. A cell asks for the objects once, before
 * its code; from then on a variable costs what a property of a small object costs, and whoever uses it, in whatever
 * cell, uses the newest. (What compiled code makes of it: see boxed.ts.)
 */
export type Box = Record<string, unknown>;

export interface Variables {
  /** The object that holds the variable: the same for every cell. A `var` is undefined until it is set. */
  box(name: string, isVar?: boolean): Box;
  /** The values of those that are set, by name. */
  readonly values: Record<string, unknown>;
}

export function createVariables(): Variables {
  // Cells may replace these.
  const { create, defineProperty, getOwnPropertyDescriptor, hasOwn } = Object;
  const boxes = new Map<string, Box>();

  function box(name: string, isVar = false): Box {
    let found = boxes.get(name);
    if (!found) {
      found = create(unset(name)) as Box;
      boxes.set(name, found);
    }
    if (isVar && !hasOwn(found, name)) found[name] = undefined;
    return found;
  }

  /**
   * What a box inherits from. The value comes as a property of the box's own: one that replaced an accessor there would
   * be slow for ever.
   */
  function unset(name: string): object {
    return defineProperty({}, name, {
      get() {
        // Some are the engine's: a cell may have told the compiler so by `declare const`.
        if (name in globalThis) return (globalThis as Record<string, unknown>)[name];
        throw new ReferenceError(
          `${name} is used before it has a value: the line that declares it has not run yet.`,
        );
      },
      set(this: Box, value: unknown) {
        defineProperty(this, name, {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
    });
  }

  const own = (name: string | symbol) => {
    const found = boxes.get(name as string);
    return found && getOwnPropertyDescriptor(found, name);
  };
  const values = new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, name) => own(name)?.value,
      set: (_, name, value) => Reflect.set(box(name as string), name, value),
      has: (_, name) => own(name) !== undefined,
      deleteProperty: (_, name) => delete boxes.get(name as string)?.[name as string],
      ownKeys: () => [...boxes.keys()].filter((name) => own(name)),
      getOwnPropertyDescriptor: (_, name) => own(name),
    },
  );
  return { box, values };
}
