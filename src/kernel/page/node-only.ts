/** What only Node has. A cell that imports it can be checked and run in a page; where it uses it, it is told why not. */

const names =
  "assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls tty url util v8 vm wasi worker_threads zlib";
const modules = new Set(names.split(" "));

export function isOfNode(name: string): boolean {
  return name.startsWith("node:") || modules.has(name.split("/")[0]);
}

/** For the compiler: any of them can be imported, with any names. */
export const declarations = ["node:*", ...modules, ...[...modules].map((name) => `${name}/*`)]
  .map((name) => `declare module "${name}";`)
  .join("\n");

const missing = (what: string, owner: string) =>
  new Error(
    `${what} is part of ${owner}, and a web page has no Node.js: run this cell in Jupyter, on your own computer.`,
  );

/** A module of which everything can be taken, and nothing called. */
export function nodeModule(name: string): Record<string, unknown> {
  const whole = name.startsWith("node:") ? name : `node:${name}`;
  return new Proxy(
    {},
    {
      get: (_, key) =>
        typeof key === "symbol" || key === "__esModule" || key === "then"
          ? undefined
          : refusing(() =>
              missing(key === "default" ? whole : key, key === "default" ? "Node.js" : whole),
            ),
    },
  );
}

/** A value that throws, whatever is done with it. */
function refusing(reason: () => Error): unknown {
  const refuse = (): never => {
    throw reason();
  };
  return new Proxy(class {}, {
    apply: refuse,
    construct: refuse,
    set: refuse,
    get: (_, key) => (typeof key === "symbol" ? undefined : refuse()),
  });
}

/** In place of Node's `process`: what of it a page can give, and for the rest the reason why not. */
export function processWith(own: Record<string, unknown>): unknown {
  return new Proxy(own, {
    get(target, key, receiver) {
      if (typeof key === "symbol" || Object.hasOwn(target, key) || key in Object.prototype)
        return Reflect.get(target, key, receiver);
      throw missing(`process.${key}`, "Node.js");
    },
  });
}
