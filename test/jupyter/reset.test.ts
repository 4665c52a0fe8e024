import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resetNotebooks } from "../../src/jupyter/reset";

let root: string;
const one = "notebooks/01-one.ipynb";
const two = "notebooks/02-two.ipynb";
const read = (path: string) => readFileSync(join(root, path), "utf8");
const write = (path: string, text: string) => writeFileSync(join(root, path), text);
const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "pipe" });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "reset "));
  mkdirSync(join(root, "notebooks"));
  write(one, "one\n");
  write(two, "two\n");
  git("init", "-q");
  git("config", "core.autocrlf", "false");
  git("add", ".");
  git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "start");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("does nothing when nothing has changed", () => {
  expect(resetNotebooks(root)).toEqual([]);
  expect(readdirSync(join(root, "notebooks"))).toEqual(["01-one.ipynb", "02-two.ipynb"]);
});

test("puts a changed notebook back, and keeps the reader's beside it, each time under a new name", () => {
  write(one, "mine\n");
  const kept = "notebooks/01-one.mine.ipynb";
  expect(resetNotebooks(root)).toEqual([{ notebook: one, kept }]);
  expect([read(one), read(kept)]).toEqual(["one\n", "mine\n"]);

  write(one, "mine again\n");
  const next = "notebooks/01-one.mine-2.ipynb";
  expect(resetNotebooks(root)).toEqual([{ notebook: one, kept: next }]);
  expect([read(one), read(kept), read(next)]).toEqual(["one\n", "mine\n", "mine again\n"]);
});

test("puts back what was staged or deleted", () => {
  write(one, "mine\n");
  git("add", one);
  rmSync(join(root, two));
  expect(resetNotebooks(root)).toEqual([
    { notebook: one, kept: "notebooks/01-one.mine.ipynb" },
    { notebook: two, kept: undefined },
  ]);
  expect([read(one), read(two)]).toEqual(["one\n", "two\n"]);
});

test.each(["02", "02-two", "02-two.ipynb", two])("puts back only the one named %j", (name) => {
  write(one, "mine\n");
  write(two, "mine too\n");
  expect(resetNotebooks(root, [name]).map(({ notebook }) => notebook)).toEqual([two]);
  expect([read(one), read(two)]).toEqual(["mine\n", "two\n"]);
});

test("says which notebooks there are when a name is none's", () => {
  write(one, "mine\n");
  expect(() => resetNotebooks(root, ["01", "nine"])).toThrow('"nine". There are: 01-one, 02-two.');
  expect(read(one)).toBe("mine\n");
});

test("leaves notebooks alone that the reader made", () => {
  write("notebooks/my-own.ipynb", "own\n");
  expect(resetNotebooks(root)).toEqual([]);
  expect(read("notebooks/my-own.ipynb")).toBe("own\n");
});

test("says that it needs a clone", () => {
  rmSync(join(root, ".git"), { recursive: true, force: true });
  expect(() => resetNotebooks(root)).toThrow(/is not a git clone/);
  expect(existsSync(join(root, one))).toBe(true);
});
