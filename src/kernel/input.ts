/** Asking the reader: what browsers offer as `prompt`, `confirm` and `alert`. */

/** Nobody can be asked. */
export class NoInput extends Error {
  override name = "StdinNotImplementedError";
  constructor(why: string) {
    super(`The reader cannot be asked here, ${why}: write the value into the cell instead.`);
  }
}

/** Asks for a line, and waits for it. */
export type Ask = (prompt: string, password?: boolean) => string;

/** The three, as global functions of other kernels are: each shows one line to type in. */
export function createDialogs(ask: Ask) {
  return {
    prompt(message = "Prompt", initial = "", { password = false } = {}): string | null {
      const shown = initial === "" ? `${message} ` : `${message} [${initial}] `;
      return ask(shown, password) || String(initial);
    },
    confirm: (message = "Confirm"): boolean => /^y(es)?$/i.test(ask(`${message} [y/N] `).trim()),
    alert(message = "Alert"): void {
      ask(`${message} [Enter] `);
    },
  };
}
