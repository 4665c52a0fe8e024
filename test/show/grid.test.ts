import { expect, test } from "vitest";
import { confusionMatrix, type Displayable, display, imageGrid } from "../../src/show";

function shown(value: Displayable): { text: string; svg: string } {
  const bundle = value[display]() as Record<string, string>;
  const [, picture] = /src="data:image\/svg\+xml,([^"]*)"/.exec(bundle["text/html"]) ?? [];
  return { text: bundle["text/plain"], svg: decodeURIComponent(picture) };
}

test("images: each pixel as dark as its number, captions in the picture and in the words", () => {
  const { text, svg } = shown(
    imageGrid([[0, 1, 0.5, 0]], { title: "Two by two", captions: ["a 7"] }),
  );
  expect(text).toBe("Two by two: a 7.");
  expect(svg).toContain("#000000");
  expect(svg).toContain("#808080");
  expect(svg).toContain("a 7");
});

test("numbers below 0 are told apart by colour and by hatching", () => {
  const { svg } = shown(imageGrid([[-1, 1, 0, 0]]));
  expect(svg).toContain("#b85c00");
  expect(svg).toContain("#005096");
  expect(svg.match(/fill='url\(#h\)'/g)).toHaveLength(1);
});

test("the hatching lies over every shade", () => {
  const { svg } = shown(imageGrid([[-0.5, 1, -1, -0.75]]));
  const fills = Array.from(svg.matchAll(/<path fill='([^']+)'/g), ([, fill]) => fill);
  expect(fills).toHaveLength(5);
  expect(fills[4]).toBe("url(#h)");
  expect(svg).toContain("fill='url(#h)' d='M0 0h1v1h-1zM0 1h1v1h-1zM1 1h1v1h-1z'");
});

test("a confusion matrix counts its diagonal and names what is off it", () => {
  const { text, svg } = shown(
    confusionMatrix(
      [
        [5, 1],
        [0, 4],
      ],
      { rowTitle: "is", columnTitle: "said" },
    ),
  );
  expect(text).toBe("Confusion matrix: 9 of 10 on the diagonal. 0 as 1: 1.");
  for (const count of [">5<", ">1<", ">4<"]) expect(svg).toContain(count);
});

test("what is no picture is refused", () => {
  expect(() => imageGrid([[1, 2, 3]])).toThrow(/3 pixels do not fill rows/);
  expect(() => imageGrid([[1, Number.NaN, 0, 0]])).toThrow(/A pixel is NaN/);
  expect(() => confusionMatrix([[1, 2]], { rowTitle: "", columnTitle: "" })).toThrow(
    /as many columns as rows/,
  );
});
