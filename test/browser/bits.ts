/**
 * `npm run test:bits`: the same training runs in every engine there is, and whether they end at the same bits: this
 * Node and the other ones of the README, Chromium, and, where they are installed, Firefox and WebKit (Debian's
 * firefox-esr, and webkit2gtk-driver with xvfb).
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { runCommand } from "../../src/jupyter/command";
import { onPath } from "../../src/jupyter/find";
import { otherNode } from "../other-node";
import { type bits, control } from "./bits-runs";
import { launch } from "./browser";

type Bits = ReturnType<typeof bits>;

/** An expression whose value is the text of all hashes. */
const code = (() => {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, "bits-runs.ts")],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "runs",
    target: "es2022",
  });
  return `(() => { ${outputFiles[0].text}\nreturn JSON.stringify(runs.bits()); })()`;
})();

const inNode = (node: string) => async (): Promise<string> => {
  const input = `console.log(${code})`;
  const { status, stdout, stderr } = spawnSync(node, ["-"], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

async function inChromium(): Promise<string> {
  const browser = await launch();
  try {
    return await (await browser.newPage()).evaluate(code);
  } finally {
    await browser.close();
  }
}

/** By Marionette, Firefox's own protocol: messages [type, number, command or error, parameters or result], each after its length. */
async function inFirefox(): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "bits-firefox-"));
  const port = await freePort();
  writeFileSync(join(profile, "user.js"), `user_pref("marionette.port", ${port});\n`);
  const browser = start(onPath("firefox-esr")[0] ?? onPath("firefox")[0], [
    ...["--headless", "--marionette", "--no-remote", "--profile", profile],
  ]);
  try {
    const socket = await patiently(() => connected(port));
    const ask = marionette(socket);
    await ask("WebDriver:NewSession", {});
    await ask("WebDriver:SetTimeouts", { script: 300_000 });
    const { value } = await ask("WebDriver:ExecuteScript", { script: `return ${code}`, args: [] });
    socket.destroy();
    return value as string;
  } finally {
    await stop(browser);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Answer = Record<string, unknown>;

function marionette(socket: Socket): (command: string, parameters: object) => Promise<Answer> {
  let read = Buffer.alloc(0);
  const waiting = new Map<number, (message: [number, number, Answer | null, Answer]) => void>();
  socket.on("data", (part) => {
    read = Buffer.concat([read, part]);
    for (;;) {
      const colon = read.indexOf(":");
      const end = colon + 1 + Number(read.toString("latin1", 0, Math.max(colon, 0)));
      if (colon < 0 || read.length < end) return;
      const message = JSON.parse(read.toString("utf8", colon + 1, end));
      read = read.subarray(end);
      waiting.get(message[1])?.(message); // the first message is a greeting
    }
  });
  let last = 0;
  return (command, parameters) =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify([0, ++last, command, parameters]);
      waiting.set(last, ([, , error, result]) =>
        error ? reject(new Error(`${command}: ${JSON.stringify(error)}`)) : resolve(result),
      );
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
}

/** WebKit's small browser, by W3C WebDriver. */
async function inWebKit(): Promise<string> {
  const port = await freePort();
  const driver = start(onPath("xvfb-run")[0], [
    ...["--auto-servernum", "WebKitWebDriver", `--port=${port}`],
  ]);
  const ask = async (path: string, body: object): Promise<Answer> => {
    const answer = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    const { value } = (await answer.json()) as { value: Answer };
    if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(value)}`);
    return value;
  };
  try {
    await patiently(async () => (await connected(port)).destroy());
    const options = { binary: miniBrowser(), args: ["--automation"] };
    const { sessionId } = await ask("", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
    });
    await ask(`/${sessionId}/timeouts`, { script: 300_000 });
    const value = await ask(`/${sessionId}/execute/sync`, { script: `return ${code}`, args: [] });
    await fetch(`http://127.0.0.1:${port}/session/${sessionId}`, { method: "DELETE" });
    return value as unknown as string;
  } finally {
    await stop(driver);
  }
}

function miniBrowser(): string | undefined {
  const folders = ["/usr/lib", ...["x86_64", "aarch64"].map((one) => `/usr/lib/${one}-linux-gnu`)];
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, "MiniBrowser")))
    .find((path) => /webkit2?gtk/.test(path) && existsSync(path));
}

/** A program with all that it starts in a group of its own. */
function start(program: string, args: string[]): ChildProcess {
  return spawn(program, args, { detached: true, stdio: "ignore" });
}

/** Ends the whole group, and waits for it. */
async function stop({ pid }: ChildProcess): Promise<void> {
  if (!pid) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    try {
      process.kill(-pid, signal);
    } catch {
      return; // all are gone
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 150; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket)).once("error", reject);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

runCommand(async () => {
  const engines: Record<string, () => Promise<string>> = {};
  for (const major of ["20", "22", "24"]) {
    const isThis = process.version.startsWith(`v${major}.`);
    engines[`Node ${major}`] = inNode(isThis ? process.execPath : otherNode(major));
  }
  engines.Chromium = inChromium;
  const missing: string[] = [];
  if (onPath("firefox-esr")[0] ?? onPath("firefox")[0]) engines.Firefox = inFirefox;
  else missing.push("Firefox (apt-get install firefox-esr)");
  if (onPath("WebKitWebDriver")[0] && onPath("xvfb-run")[0] && miniBrowser())
    engines.WebKit = inWebKit;
  else missing.push("WebKit (apt-get install webkit2gtk-driver xvfb)");

  const found: Record<string, Bits> = {};
  for (const [engine, run] of Object.entries(engines)) found[engine] = JSON.parse(await run());

  const names = Object.keys(engines);
  const [first] = names;
  const rows = Object.keys(found[first]);
  const width = Math.max(...rows.map((row) => row.length));
  console.log(["".padEnd(width), ...names.map((name) => name.padEnd(16))].join("  "));
  let differing = 0;
  for (const row of rows) {
    const hashes = names.map((name) => found[name][row].hash);
    const same = hashes.every((hash) => hash === hashes[0]);
    if (!same && row !== control) differing++;
    console.log([row.padEnd(width), ...hashes, same ? "same" : "DIFFERENT"].join("  "));
    for (const name of names) {
      const { engine } = found[name][row];
      if (engine !== found[first][row].engine) console.log(`  in ${name} run as ${engine}`);
    }
  }
  for (const name of missing) console.log(`Missing, and not compared: ${name}`);
  console.log(
    differing === 0
      ? `All ${rows.length - 1} are the same to the bit in ${names.length} engines.`
      : `${differing} of ${rows.length} differ.`,
  );
  if (differing > 0) process.exitCode = 1;
});
