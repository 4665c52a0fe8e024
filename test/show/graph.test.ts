import { expect, test } from "vitest";
import { add, backward, multiply, Value } from "../../src/graph";
import { display, graphDiagram } from "../../src/show";
import * as t from "../../src/tensors";

/** What a displayed thing says in words, and the SVG that it shows. */
function shownAs(shown: ReturnType<typeof graphDiagram>): { words: string; svg: string } {
  const { "text/plain": words, "text/html": html } = shown[display]() as Record<string, string>;
  const [, picture] = /src="data:image\/svg\+xml,([^"]*)"/.exec(html) ?? [];
  return { words, svg: decodeURIComponent(picture) };
}

test("a graph shows each value's name, number and slope, in the picture and in words", () => {
  const a = new Value(3);
  const b = new Value(2);
  const f = multiply(multiply(a, b), a);
  backward(f);
  const { words, svg } = shownAs(graphDiagram(f, { title: "f", names: new Map([[a, "a"]]) }));
  expect(words).toBe("f: 4 values, 4 links. a = 3, slope 12.");
  for (const text of ["slope 12", "slope 9", "slope 3", "slope 1", "×"])
    expect(svg).toContain(text);
  expect(svg.match(/<path /g)).toHaveLength(4);
});

test("a graph of tensors shows the shapes that go along its links, and how large slopes get", () => {
  const x = t.constant([[1, 2, -3]]);
  const W = t.tensor([[1], [0], [2]]);
  const y = t.matmul(x, W);
  const L = t.sum(t.multiply(y, y));
  t.backward(L);
  const { words, svg } = shownAs(graphDiagram(L, { title: "L", names: new Map([[W, "W"]]) }));
  // y = −5: ∂L/∂y = −10, ∂L/∂W = −10 (1, 2, −3)
  expect(words).toBe(
    "L: 5 tensors, 5 links. W [3, 1] slopes ≤ 30; matmul [1, 1] −5 slope −10; multiply [1, 1] 25 slope 1; sum [] 25 slope 1.",
  );
  for (const text of [">W<", ">matmul<", ">[1, 3]<", ">[3, 1]<", ">slopes ≤ 30<", ">constant<"])
    expect(svg).toContain(text);
  expect(svg.match(/<path /g)).toHaveLength(5);
});

test("what no one could follow is refused", () => {
  let sum = new Value(1);
  for (let i = 0; i < 80; i++) sum = add(sum, sum);
  expect(() => graphDiagram(sum)).toThrow(/81 values is too large/);
});
