/** What is left of a student's HTML before an instructor sees it. */
import { expect, test } from "vitest";
import * as explore from "../../src/explore";
import { safeHtml } from "../../src/kernel/grading/safe-html";
import { display, table } from "../../src/show";

test.each([
  ["<script>alert(1)</script><p>text</p>", "<p>text</p>"],
  ['<img src="x" onerror="alert(1)">', "<img>"],
  ['<img src="https://example.org/seen.png" alt="a">', '<img alt="a">'],
  ['<a href="javascript:alert(1)">here</a>', "<a>here</a>"],
  ['<div style="position:fixed;top:0">over all</div>', "<div>over all</div>"],
  ['<p style="background:url(https://example.org)">p</p>', "<p>p</p>"],
  ["<iframe src='data:text/html,x'></iframe><svg onload='x()'></svg><b>b</b>", "<b>b</b>"],
  ["<template><script>x()</script></template><form><input></form>", ""],
  ["<math><mtext><style><img src=x onerror=y></style></mtext></math>", ""],
])("%s", (html, left) => {
  expect(safeHtml(html)).toBe(left);
});

test("tables and pictures of the course stay as they are", () => {
  const { "text/html": html } = table([{ z: 1, a: "two" }], { caption: "c" })[display]() as Record<
    string,
    string
  >;
  expect(safeHtml(html)).toBe(html);
  const safe = safeHtml(explore.backpropagation({ step: 3 }).html());
  expect(safe).toContain('<img src="data:image/svg+xml,');
  expect(safe).toContain("a of Z3");
  expect(safe).not.toContain("script");
});
