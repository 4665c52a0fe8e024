import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  installKernel,
  kernelFolder,
  ownerOf,
  uninstallKernel,
  userDataFolder,
} from "../../src/jupyter/kernelspec";
import { kernelArgv } from "../../src/kernel/node/argv";

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "jupyter data "));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

describe("a user's data folder, as Jupyter's documentation gives it", () => {
  test.each([
    ["linux", {}, join("/home/u", ".local", "share", "jupyter")],
    ["linux", { XDG_DATA_HOME: "/x" }, join("/x", "jupyter")],
    ["darwin", {}, join("/home/u", "Library", "Jupyter")],
    ["win32", { APPDATA: "/roaming" }, join("/roaming", "jupyter")],
    ["win32", {}, join("/home/u", ".jupyter", "data")],
    ["linux", { JUPYTER_DATA_DIR: "/mine" }, "/mine"],
  ] as const)("%s %j", (platform, environment, folder) => {
    expect(userDataFolder(environment, platform, "/home/u")).toBe(folder);
  });
});

describe("installing", () => {
  test("writes all that Jupyter and figures need, and again over itself", () => {
    const folder = installKernel(data);
    expect(folder).toBe(join(data, "kernels", "backprop"));
    const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
    expect(spec).toMatchObject({ language: "typescript", argv: kernelArgv() });
    expect(spec.argv.at(-1)).toBe("{connection_file}");
    expect(existsSync(spec.argv[0])).toBe(true);
    // Plotly as a whole, and our own script, which hands its function to the page.
    expect(statSync(join(folder, "plotly.min.js")).size).toBeGreaterThan(1e6);
    expect(readFileSync(join(folder, "figures.js"), "utf8")).toContain("drawFigure");
    expect(installKernel(data)).toBe(folder);
  });

  test("overwrites what an earlier place of the project left", () => {
    const folder = installKernel(data);
    const file = join(folder, "kernel.json");
    const spec = JSON.parse(readFileSync(file, "utf8"));
    spec.argv[0] = "/gone/node";
    writeFileSync(file, JSON.stringify(spec));
    installKernel(data);
    expect(JSON.parse(readFileSync(file, "utf8")).argv).toEqual(kernelArgv());
  });

  test("refuses to overwrite another's kernel", () => {
    const folder = kernelFolder(data);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), '{"argv": ["other"]}');
    expect(() => installKernel(data)).toThrow(/holds something else .* move it away/);
    expect(readFileSync(join(folder, "kernel.json"), "utf8")).toBe('{"argv": ["other"]}');
  });
});

describe("uninstalling", () => {
  test("leaves nothing of ours, and says when there was nothing", () => {
    const folder = installKernel(data);
    expect(uninstallKernel(data)).toBe(folder);
    expect(existsSync(folder)).toBe(false);
    expect(uninstallKernel(data)).toBeUndefined();
  });

  test("leaves another's kernel and a user's own files alone", () => {
    const folder = installKernel(data);
    writeFileSync(join(folder, "logo.svg"), "mine");
    expect(uninstallKernel(data)).toBe(folder);
    expect(readFileSync(join(folder, "logo.svg"), "utf8")).toBe("mine");
    writeFileSync(join(folder, "kernel.json"), "{}");
    expect(ownerOf(folder)).toBe("another");
    expect(uninstallKernel(data)).toBeUndefined();
    expect(existsSync(join(folder, "kernel.json"))).toBe(true);
  });
});
