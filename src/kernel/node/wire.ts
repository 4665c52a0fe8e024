/**
 * Jupyter's wire protocol: messages as lists of frames, signed with HMAC.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, getHashes, randomUUID, timingSafeEqual } from "node:crypto";

/** What Jupyter writes into the connection file. */
export interface Connection {
  transport: string;
  ip: string;
  key: string;
  signature_scheme: string;
  shell_port: number;
  control_port: number;
  iopub_port: number;
  stdin_port: number;
  hb_port: number;
}

export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** A part of a message as ZeroMQ carries it. */
export type Frame = Buffer | string;

export interface Message {
  /** Who sent it: the frames a reply begins with. */
  identities: Frame[];
  header: Header;
  parent: Header | Record<string, never>;
  // biome-ignore lint/suspicious/noExplicitAny: each type of message has a content of its own
  content: any;
}

const delimiter = "<IDS|MSG>";

/** How messages are signed, by what the connection file says. */
export interface Signing {
  /** Empty: messages are neither signed nor checked. */
  key: string;
  /** The hash of the HMAC, by Node's name for it. */
  hash: string;
}

/** @throws Error for a scheme other than HMAC, or a hash that is not available */
export function signingOf({ key, signature_scheme = "hmac-sha256" }: Connection): Signing {
  // Python's names have an underscore where OpenSSL's have a hyphen: sha3_256.
  const hash = /^hmac-(\w+)$/.exec(signature_scheme)?.[1].replace("_", "-");
  if (key !== "" && (!hash || !getHashes().includes(hash))) {
    throw new Error(
      `The connection file asks for the signature scheme "${signature_scheme}", which this kernel does not know: take "hmac-sha256".`,
    );
  }
  return { key, hash: hash ?? "sha256" };
}

/**
 * Takes a message apart.
 *
 * @throws Error if it is not one, or its signature is wrong
 */
export function decode(frames: Frame[], key: string, hash = "sha256"): Message {
  const at = frames.findIndex((frame) => frame.toString() === delimiter);
  const [signature, ...parts] = frames.slice(at + 1);
  if (at < 0 || parts.length < 4) throw new Error("A message without its four parts was ignored.");
  const body = parts.slice(0, 4);
  if (key !== "") {
    const given = Buffer.from(signature);
    const expected = Buffer.from(sign(body, key, hash));
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw new Error("A message with a wrong signature was ignored.");
  }
  const [header, parent, , content] = body.map(readPart);
  if (typeof header.msg_type !== "string" || typeof header.msg_id !== "string")
    throw new Error("A message whose header names no type or no id was ignored.");
  return { identities: frames.slice(0, at), header, parent, content };
}

function readPart(part: Frame) {
  let value: unknown;
  try {
    value = JSON.parse(part.toString());
  } catch {
    // Told below.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error("A message with a part that is no JSON object was ignored.");
  return value as Message["content"];
}

/** As many as Jupyter's own session remembers. */
const mostSignatures = 2 ** 16;

/** Takes messages apart as they come in, each once: who repeats a message cannot sign one. */
export function createInbox({ key, hash }: Signing): (frames: Frame[]) => Message {
  const seen = new Set<string>();
  return (frames) => {
    const message = decode(frames, key, hash);
    if (key === "") return message;
    const signature = frames[message.identities.length + 1].toString();
    if (seen.has(signature)) throw new Error("A message that came before was ignored.");
    seen.add(signature);
    if (seen.size > mostSignatures)
      for (const oldest of [...seen].slice(0, 1024)) seen.delete(oldest);
    return message;
  };
}

/** Puts a message together. `parent` is the request that it answers. */
export function encode(
  type: string,
  content: object,
  parent: Header | Record<string, never>,
  identities: Frame[],
  key: string,
  hash = "sha256",
): Frame[] {
  const header: Header = {
    msg_id: randomUUID(),
    msg_type: type,
    session: parent.session ?? "",
    username: "kernel",
    date: new Date().toISOString(),
    version: "5.3",
  };
  // Text, not buffers: ZeroMQ sends a buffer from where it lies, and that memory may be gone by then if the
  // thread ends.
  const body = [header, parent, {}, content].map(writePart);
  return [...identities, delimiter, sign(body, key, hash), ...body];
}

/** Halves of surrogate pairs go as U+FFFD: Python takes them from JSON, and then fails to hand them on as UTF-8. */
function writePart(part: object): string {
  const text = JSON.stringify(part);
  if (!/\\ud[89a-f]/.test(text)) return text;
  return JSON.stringify(part, (_key, value) =>
    typeof value === "string" ? Buffer.from(value).toString() : value,
  );
}

function sign(body: Frame[], key: string, hash: string): string {
  if (key === "") return "";
  const hmac = createHmac(hash, key);
  for (const part of body) hmac.update(part);
  return hmac.digest("hex");
}
