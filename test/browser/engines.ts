/**
 * The browsers whose engines differ, each driven as far as a test of what runs in a page needs it: Chromium, and where
 * they are installed Firefox and WebKit (Debian's firefox-esr, and webkit2gtk-driver with xvfb).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onPath } from "../../src/jupyter/find";
import { launch } from "./browser";

/** A browser with one page. */
export interface Driver {
  goTo(address: string): Promise<void>;
  /** The value of an expression, or what its promise gives, as JSON can say it. @throws Error with what it threw */
  evaluate(expression: string): Promise<unknown>;
  /** What is seen of the page, as a PNG. */
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

interface Engine {
  /** What has to be installed first. */
  missing?: string;
  open(): Promise<Driver>;
}

/** How long an expression may take, in milliseconds. */
const longest = 600_000;

async function openChromium(): Promise<Driver> {
  const browser = await launch();
  const page = await browser.newPage();
  return {
    async goTo(address) {
      await page.goto(address);
    },
    evaluate: (expression) => page.evaluate(expression),
    screenshot: () => page.screenshot(),
    close: () => browser.close(),
  };
}

/** By Marionette, Firefox's own protocol: messages [type, number, command or error, parameters or result], each after its length. */
async function openFirefox(): Promise<Driver> {
  const profile = mkdtempSync(join(tmpdir(), "backprop-firefox-"));
  const port = await freePort();
  writeFileSync(join(profile, "user.js"), `user_pref("marionette.port", ${port});\n`);
  const browser = start(onPath("firefox-esr")[0] ?? onPath("firefox")[0], [
    ...["--headless", "--marionette", "--no-remote", "--profile", profile],
  ]);
  const close = async () => {
    await stop(browser);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const socket = await patiently(() => connected(port));
    const ask = marionette(socket);
    await ask("WebDriver:NewSession", {});
    await ask("WebDriver:SetTimeouts", { script: longest });
    return {
      async goTo(url) {
        await ask("WebDriver:Navigate", { url });
      },
      async evaluate(expression) {
        const script = settled(expression);
        const { value } = await ask("WebDriver:ExecuteAsyncScript", { script, args: [] });
        return answered(value);
      },
      async screenshot() {
        const { value } = await ask("WebDriver:TakeScreenshot", { full: false });
        return Buffer.from(String(value), "base64");
      },
      async close() {
        socket.destroy();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** WebKit's small browser, by W3C WebDriver. */
async function openWebKit(): Promise<Driver> {
  const port = await freePort();
  const driver = start(onPath("xvfb-run")[0], [
    ...["--auto-servernum", "WebKitWebDriver", `--port=${port}`],
  ]);
  const ask = async (path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      method: body ? "POST" : "GET",
      body: body && JSON.stringify(body),
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
    await ask(`/${sessionId}/timeouts`, { script: longest });
    return {
      async goTo(url) {
        await ask(`/${sessionId}/url`, { url });
      },
      async evaluate(expression) {
        const script = settled(expression);
        return answered(await ask(`/${sessionId}/execute/async`, { script, args: [] }));
      },
      async screenshot() {
        return Buffer.from(String(await ask(`/${sessionId}/screenshot`)), "base64");
      },
      async close() {
        await fetch(`http://127.0.0.1:${port}/session/${sessionId}`, { method: "DELETE" });
        await stop(driver);
      },
    };
  } catch (error) {
    await stop(driver);
    throw error;
  }
}

/** A script that calls its last argument with what becomes of an expression. */
function settled(expression: string): string {
  return `const done = arguments[arguments.length - 1];
    Promise.resolve().then(() => (${expression})).then(
      (value) => done({ value }),
      (error) => done({ error: String(error && error.stack || error) }));`;
}

function answered(answer: unknown): unknown {
  const { value, error } = answer as { value?: unknown; error?: string };
  if (error !== undefined) throw new Error(error);
  return value;
}

export const browsers: Record<string, Engine> = {
  Chromium: { open: openChromium },
  Firefox: {
    missing:
      (onPath("firefox-esr")[0] ?? onPath("firefox")[0])
        ? undefined
        : "apt-get install firefox-esr",
    open: openFirefox,
  },
  WebKit: {
    missing:
      onPath("WebKitWebDriver")[0] && onPath("xvfb-run")[0] && miniBrowser()
        ? undefined
        : "apt-get install webkit2gtk-driver xvfb",
    open: openWebKit,
  },
};

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
