/**
 * Jupyter's wire protocol: messages as lists of frames, signed with HMAC.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

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

/** Takes a message apart. @throws Error if it is not one, or its signature is wrong */
export function decode(frames: Frame[], key: string): Message {
  const at = frames.findIndex((frame) => frame.toString() === delimiter);
  const [signature, ...parts] = frames.slice(at + 1);
  if (at < 0 || parts.length < 4) throw new Error("A message without its four parts was ignored.");
  const body = parts.slice(0, 4);
  const given = Buffer.from(signature);
  const expected = Buffer.from(sign(body, key));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Error("A message with a wrong signature was ignored.");
  }
  const [header, parent, , content] = body.map((part) => JSON.parse(part.toString()));
  return { identities: frames.slice(0, at), header, parent, content };
}

/** Puts a message together. `parent` is the request that it answers. */
export function encode(
  type: string,
  content: object,
  parent: Header | Record<string, never>,
  identities: Frame[],
  key: string,
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
  const body = [header, parent, {}, content].map((part) => JSON.stringify(part));
  return [...identities, delimiter, sign(body, key), ...body];
}

function sign(body: Frame[], key: string): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of body) hmac.update(part);
  return hmac.digest("hex");
}
