/**
 * What cells may rely on in coursework: one list, from which grading makes what it provides, and by which `check`
 * says, while a student works, what grading does not offer. Also what of the library an answer may call.
 */

/** The rooms whose front doors, and files, cells may import. */
export const rooms = [
  "./src/nn",
  "./src/names",
  "./src/training",
  "./src/engines",
  "./src/data",
  "./src/show",
  "./src/exercise",
  "./src/explore",
  "./src/graph",
  "./src/arrays",
  "./src/tensors",
  "./src/arithmetic",
  "./src/coursework",
] as const;

/** Beside the language itself: the engine's own names, and of those that hold others, which. */
export const provided = {
  console: [
    "assert",
    "clear",
    "count",
    "countReset",
    "debug",
    "dir",
    "dirxml",
    "error",
    "group",
    "groupCollapsed",
    "groupEnd",
    "info",
    "log",
    "table",
    "time",
    "timeEnd",
    "timeLog",
    "trace",
    "warn",
  ],
  process: ["argv", "env", "hrtime", "nextTick", "platform", "stderr", "stdout", "version"],
  performance: ["now", "timeOrigin"],
  crypto: ["getRandomValues", "randomUUID"],
  setTimeout: [],
  setInterval: [],
  setImmediate: [],
  clearTimeout: [],
  clearInterval: [],
  clearImmediate: [],
  queueMicrotask: [],
  structuredClone: [],
  atob: [],
  btoa: [],
  TextEncoder: [],
  TextDecoder: [],
} as const;

/** Of the language itself: code from text, which grading has switched off. */
const withheld = /^(?:eval|Function|WebAssembly)$/;

/** What an answer uses, as its cells say. */
export interface Uses {
  /** The modules that its cells import, or name otherwise. */
  readonly modules: readonly string[];
  /** Names of the engine's that its cells use: "fetch", "process.exit"; and code from text: "eval". */
  readonly globals: readonly string[];
  /** What the answer itself uses of the library, or whatever it is made with: the names as exported, or "*". */
  readonly imports: readonly { readonly module: string; readonly name: string }[];
}

/** What any answer may use: what writes and draws, and computes nothing that is asked for. */
const everywhere = [
  "confusionMatrix",
  "display",
  "escapeHtml",
  "formatNumber",
  "imageGrid",
  "palette",
  "pictureHtml",
  "plot",
  "table",
  "textWidth",
  "wrapped",
  "and",
  "nand",
  "nor",
  "or",
  "xnor",
  "xor",
];

/** The files that hold these, and arithmetic, which is the language's own: their functions need no permission. */
export const isFree = (path: string): boolean =>
  /[\\/]src[\\/](?:arithmetic[\\/](?!nudging|normal)|data[\\/]truth-tables|show[\\/](?:browser|canvas|card|checks|display|document|figure|grid|left-out|numbers|path-length|plain|plotly|progress|still|style|table|text-width)\.)/.test(
    path,
  );

/** What a name of the library's is called among those that an answer may use: a graph's `tanh` is not the network's, nor a tensor's. */
export function nameOf(module: string, name: string): string {
  const room = /\bsrc[\\/](graph|tensors)\b/.exec(module)?.[1];
  return room ? `${room}.${name}` : name;
}

/** Why a module cannot be imported; undefined if it can. */
export function whyNoModule(name: string): string | undefined {
  const room = rooms.find((room) => name === room || name.startsWith(`${room}/`));
  if (room === "./src/coursework" && name !== room)
    return `"${name}" cannot be imported in graded work: it belongs to the tests.`;
  const isInside = room && !/\/\.|[/.]page\b/.test(name.slice(room.length));
  return isInside
    ? undefined
    : `"${name}" cannot be imported in graded work, only ${rooms.join(", ")}.`;
}

/** What is said to an answer that calls what the library does. */
export function borrowedMessage(name: string, allowed: readonly string[]): string {
  const offered = allowed.length > 0 ? `, and ${allowed.join(", ")}` : "";
  return `${name} does in the library what you are asked to write here. A solution that calls it earns nothing: answers may use the language${offered}. In cells of your own you may use all of the library, to check your answer.`;
}

/** Why grading would give nothing to an answer that uses this, however right it is; undefined if it would not. */
export function whyNotGraded(uses: Uses, allowed: readonly string[]): string | undefined {
  for (const module of uses.modules) {
    const reason = whyNoModule(module);
    if (reason) return reason;
  }
  const absent = uses.globals.flatMap((name) => {
    const [owner, member] = name.split(".");
    const members: readonly string[] | undefined = provided[owner as keyof typeof provided];
    if (!members || withheld.test(owner)) return [owner];
    return member && members.length > 0 && !members.includes(member) ? [name] : [];
  })[0];
  if (absent)
    return `${absent} is not available when your work is graded: only the language is, and ${Object.keys(provided).join(", ")}.`;
  const whole = uses.imports.find(({ name }) => name === "*");
  if (whole)
    return `Import what you use from "${whole.module}" by name: if the whole module is imported, grading cannot tell what the answer uses.`;
  const borrowed = uses.imports
    .map(({ module, name }) => nameOf(module, name))
    .find((name) => !allowed.includes(name) && !everywhere.includes(name));
  return borrowed && borrowedMessage(borrowed, allowed);
}
