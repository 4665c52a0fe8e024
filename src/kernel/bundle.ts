/** What a value shows as, in the types that a front end chooses from. */
import type { MimeBundle } from "./output";
import { platform } from "./platform";

const displayMethod = Symbol.for("Jupyter.display");

/**
 * The bundle that a value gives itself, or Node's own rendering. It runs the value's own code, which may throw, take
 * its time, or never end.
 *
 * @throws TypeError if what the value gives is no bundle, and whatever its code throws
 */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  const method = (value as Record<symbol, unknown> | null)?.[displayMethod];
  if (typeof method === "function") {
    const given = method.call(value);
    const isLater = typeof Object(given).then === "function";
    return isLater ? Promise.resolve(given).then(checkBundle) : checkBundle(given);
  }
  // Of a promise Node would show the kernel's own notes on it.
  const text =
    value instanceof Promise
      ? "Promise (write await before it to get its value)"
      : platform.inspect(value, { maxArrayLength: 200 });
  return { "text/plain": text };
}

/**
 * A bundle as it can go to a front end: lists of lines as one text, and JSON as it is now.
 *
 * @throws TypeError if it is none
 */
export function checkBundle(given: unknown): MimeBundle {
  const bundle: MimeBundle = {};
  const entries = typeof given === "object" && given && !Array.isArray(given) ? given : {};
  for (const [type, content] of Object.entries(entries)) {
    if (!type.includes("/"))
      throw new TypeError(
        `What is displayed goes by MIME types, such as "text/html", but one is called "${type}".`,
      );
    if (content !== undefined) bundle[type] = checkContent(type, content);
  }
  if (Object.keys(bundle).length > 0) return bundle;
  throw new TypeError(
    `What is displayed has to be an object of MIME types, such as { "text/plain": "…" }, but it is ${platform.inspect(given, { customInspect: false, depth: 0 })}.`,
  );
}

function checkContent(type: string, content: unknown): unknown {
  if (typeof content === "string") return content;
  const isLines = Array.isArray(content) && content.every((line) => typeof line === "string");
  if (/^application\/json$|\+json$/.test(type)) return asJson(type, content);
  if (isLines) return content.join("");
  throw new TypeError(
    `"${type}" has to be a string (pictures in base64), but it is ${platform.inspect(content, { customInspect: false, depth: 0 })}.`,
  );
}

function asJson(type: string, content: unknown): unknown {
  let json: string | undefined;
  let why = "";
  try {
    json = JSON.stringify(content);
  } catch (error) {
    why = `: ${(error as Error).message.split("\n")[0]}`;
  }
  if (json === undefined) throw new TypeError(`"${type}" holds what is no JSON${why}.`);
  return JSON.parse(json);
}
