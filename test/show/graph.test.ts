import { expect, test } from "vitest";
import { add, backward, multiply, Value } from "../../src/graph";
import { display, graphDiagram } from "../../src/show";

test("a graph shows each value's name, number and slope, in the picture and in words", () => {
  const a = new Value(3);
  const b = new Value(2);
  const f = multiply(multiply(a, b), a);
  backward(f);
  const shown = graphDiagram(f, { title: "f", names: new Map([[a, "a"]]) })[display]() as Record<
    string,
    string
  >;
  expect(shown["text/plain"]).toBe("f: 4 values, 4 links. a = 3, slope 12.");
  const [, picture] = /src="data:image\/svg\+xml,([^"]*)"/.exec(shown["text/html"]) ?? [];
  const svg = decodeURIComponent(picture);
  for (const text of ["slope 12", "slope 9", "slope 3", "slope 1", "×"])
    expect(svg).toContain(text);
  expect(svg.match(/<path /g)).toHaveLength(4);
});

test("what no one could follow is refused", () => {
  let sum = new Value(1);
  for (let i = 0; i < 80; i++) sum = add(sum, sum);
  expect(() => graphDiagram(sum)).toThrow(/81 values is too large/);
});
