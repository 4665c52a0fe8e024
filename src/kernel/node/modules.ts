/**
 * What cells import. Node's `require` serves nearly all; ES modules that it refuses, because they await something or
 * are offered to `import` alone, are imported beforehand, while a cell may wait.
 */
import { readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isModuleNamespaceObject } from "node:util/types";
import { projectRoot } from "./argv";
import { importModule } from "./load.cjs";

type Require = Pick<NodeJS.Require, "resolve"> & ((name: string) => unknown);

export interface Modules {
  /** What compiled code calls. */
  require: Require;
  /** What `import(…)` in a cell calls; its `meta` is `import.meta`. */
  import: ((name: string) => Promise<unknown>) & { meta: object };
  /** Loads those of the modules that `require` cannot load. */
  prepare(names: readonly string[]): Promise<void>;
}

interface Loaded {
  module: unknown;
  /** When its file was changed, if that is the reader's. */
  changed?: number;
  failure?: { cause: unknown };
}

/** @param load the `require` that knows the project's source files as well */
export function createModules(load: Require): Modules {
  /** ES modules that are loaded, by what a cell calls them. */
  const loaded = new Map<string, Loaded>();

  function find(name: string): unknown {
    const found = loaded.get(name);
    if (found?.failure) {
      const { cause } = found.failure;
      throw new Error(`"${name}" could not be loaded: ${Object(cause).message ?? cause}`, {
        cause,
      });
    }
    if (found) return found.module;
    const value = load(name);
    return isModuleNamespaceObject(value) ? marked(value as object) : value;
  }

  function require(name: string): unknown {
    try {
      return find(name);
    } catch (error) {
      if (!needsImport(error)) throw withoutStack(error);
      throw new Error(
        `"${name}" is an ES module: write import … from "${name}", or await import("${name}").`,
      );
    }
  }

  async function importNow(name: string): Promise<unknown> {
    const path = name.startsWith(".") ? join(projectRoot, name) : undefined;
    const changed = path ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
    if (loaded.has(name) && loaded.get(name)?.changed === changed) return loaded.get(name)?.module;
    // Node never loads a file again under the same address.
    const address = path ? `${pathToFileURL(path)}?changed=${changed}` : name;
    const module = marked((await importModule(address)) as object);
    loaded.set(name, { module, changed });
    return module;
  }

  /** If it fails, that is for the cell to meet, on its own line. */
  async function importBefore(name: string): Promise<void> {
    try {
      await importNow(name);
    } catch (cause) {
      loaded.set(name, { module: undefined, changed: Number.NaN, failure: { cause } });
    }
  }

  async function prepare(names: readonly string[]): Promise<void> {
    for (const name of names) {
      if (loaded.get(name)?.failure) loaded.delete(name);
      if (isOwnModule(name) || isImportedOnly(name, load.resolve)) await importBefore(name);
    }
  }

  const folder = pathToFileURL(`${projectRoot}/`).href;
  const meta = Object.assign(Object.create(null), {
    dirname: projectRoot,
    filename: join(projectRoot, "cell.ts"),
    url: `${folder}cell.ts`,
    resolve: (name: string) => new URL(name, folder).href,
  });
  const importInCell = async (given: string) => {
    const name = String(given);
    if (isOwnModule(name) || isImportedOnly(name, load.resolve)) return importNow(name);
    try {
      return namespaceOf(find(name));
    } catch (error) {
      if (!needsImport(error)) throw withoutStack(error);
      return importNow(name);
    }
  };
  return {
    require: Object.assign(require, load),
    import: Object.assign(importInCell, { meta }),
    prepare,
  };
}

/** Whether it is a file of the reader's that is an ES module by its name. */
function isOwnModule(name: string): boolean {
  return name.startsWith(".") && name.endsWith(".mjs");
}

/** Whether a package's module is an ES module, or one that packages offer to `import` alone. */
function isImportedOnly(name: string, resolve: NodeJS.RequireResolve): boolean {
  if (name.startsWith(".") || isBuiltin(name)) return false;
  try {
    const path = resolve(name);
    if (/\.[mc]js$/.test(path)) return path.endsWith(".mjs");
    return path.endsWith(".js") && packageOf(path).type === "module";
  } catch (error) {
    return needsImport(error);
  }
}

/** What the package.json says to which a file belongs. */
function packageOf(path: string): { type?: string } {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    } catch {
      // It is in a folder above.
    }
  }
  return {};
}

/** Whether it is an error of `require` that an `import` does not run into. */
function needsImport(error: unknown): boolean {
  const { code } = Object(error) as NodeJS.ErrnoException;
  return /^ERR_(?:REQUIRE_ESM|REQUIRE_ASYNC_MODULE|PACKAGE_PATH_NOT_EXPORTED)$/.test(code ?? "");
}

/** An error of Node's without the file, which is none, that it believes a cell to be. */
function withoutStack(error: unknown): unknown {
  const { code, message } = Object(error) as NodeJS.ErrnoException;
  if (code === "MODULE_NOT_FOUND") {
    (error as Error).message = message.replace(/\nRequire stack:[\s\S]*/, "");
  }
  return error;
}

/** An ES module as compiled code recognises one: by a mark, or it takes the module itself for its `default`. */
function marked(module: object): unknown {
  return new Proxy(module, {
    get: (target, key) => (key === "__esModule" ? true : Reflect.get(target, key)),
  });
}

/** What `import` gives for a module that `require` has loaded. */
function namespaceOf(value: unknown): unknown {
  if ((value as { __esModule?: boolean } | undefined)?.__esModule) return value;
  return { ...(value as object), default: value };
}
