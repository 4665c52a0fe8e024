// @vitest-environment jsdom
/// <reference lib="dom" />
/** What a cell of a live page shows, and what of it would stand in a file. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { CellOutput } from "../../src/kernel/page/kernel";
import { CellOutputs } from "../../src/site/live/outputs";

let place: HTMLElement;
let outputs: CellOutputs;

beforeEach(() => {
  document.body.innerHTML = '<div class="cell"><div class="outputs"><pre>stored</pre></div></div>';
  place = document.querySelector(".outputs") as HTMLElement;
  outputs = new CellOutputs(place);
});

const print = (text: string, name = "stdout"): CellOutput => ({
  output_type: "stream",
  name,
  text,
});
const display = (data: Record<string, unknown>, display_id?: string): CellOutput => ({
  output_type: "display_data",
  data,
  ...(display_id ? { transient: { display_id } } : {}),
});

function run(...all: CellOutput[]): void {
  outputs.begin();
  for (const output of all) outputs.add(output);
  outputs.end();
}

describe("a run", () => {
  test("what was stored stays until there is something new, and comes back", () => {
    expect(outputs.all).toBeUndefined();
    outputs.begin();
    expect(place.textContent).toBe("stored");
    outputs.add(print("new"));
    expect(place.textContent).toBe("new");
    outputs.end();
    outputs.restore();
    expect(place.textContent).toBe("stored");
    expect(outputs.all).toBeUndefined();
    run();
    expect(place.textContent).toBe("");
    expect(outputs.all).toEqual([]);
  });

  test("pieces of one stream are one output, without a terminal's colours on the page", () => {
    run(print("a"), print("\u001b[31mb\u001b[0m\n"), print("warned", "stderr"), print("c"));
    expect(outputs.all).toEqual([
      { output_type: "stream", name: "stdout", text: "a\u001b[31mb\u001b[0m\n" },
      { output_type: "stream", name: "stderr", text: "warned" },
      { output_type: "stream", name: "stdout", text: "c" },
    ]);
    expect(Array.from(place.children, ({ textContent }) => textContent)).toEqual([
      "ab\n",
      "warned",
      "c",
    ]);
  });

  test("clear_output: at once, or with the next output", () => {
    run(print("a"), { output_type: "clear_output", wait: false }, print("b"));
    expect(place.textContent).toBe("b");
    run(print("a"), { output_type: "clear_output", wait: true });
    expect(place.textContent).toBe("a");
    outputs.add(print("b"));
    expect(place.textContent).toBe("b");
  });

  test("a display is updated in place, by other cells too, once for many updates", () => {
    vi.useFakeTimers();
    try {
      run(display({ "text/plain": "one" }, "d"), print("end"));
      for (const text of ["two", "three"])
        outputs.add({
          output_type: "update_display_data",
          data: { "text/plain": text },
          transient: { display_id: "d" },
        });
      vi.runAllTimers();
      expect(Array.from(place.children, ({ textContent }) => textContent)).toEqual([
        "three",
        "end",
      ]);
      expect(outputs.all?.[0].data).toEqual({ "text/plain": "three" });
    } finally {
      vi.useRealTimers();
    }
  });

  test("floods: the first and the last are kept, and what was cut is counted", () => {
    const lines = Array.from({ length: 100_000 }, (_, n) => `${n}\n`);
    const total = lines.join("").length;
    run(...lines.map((line) => print(line)), ...Array(130).fill(display({ "text/plain": "d" })));
    const texts = (outputs.all ?? []).filter(({ output_type }) => output_type === "stream");
    const shown = texts.map(({ text }) => text).join("");
    expect(shown.length).toBeLessThan(101_000);
    expect(shown.startsWith("0\n1\n")).toBe(true);
    expect(shown.endsWith("99999\n")).toBe(true);
    const [, cut] = /… ([\d,]+) characters left out here …/.exec(shown) ?? [];
    const kept = shown.replace(/\n… .* …\n/, "").length;
    expect(Number(cut.replace(/,/g, ""))).toBe(total - kept);
    expect(place.parentElement?.querySelector(".cut")?.textContent).toBe(
      `✂ Too much to show: ${cut} characters and 30 displays left out.`,
    );
    run(print("calm"));
    expect(place.parentElement?.querySelector(".cut")).toBeNull();
  });
});

test("a file may come from anybody: of its outputs only what shows is taken", () => {
  const html = [
    "<p onclick='x()' class='a'>text</p>",
    "<script>window.bad = 1</script>",
    "<img src='x' onerror='window.bad = 1' alt='far'>",
    "<img src='data:image/svg+xml,%3Csvg/%3E' alt='near'>",
    "<iframe src='javascript:bad()'></iframe><object></object><form><input></form>",
    "<svg onload='bad()'><script>bad()</script></svg>",
    "<p style='background: url(https://far.example)'>b</p><p style='color: red'>c</p>",
    "<table><tbody><tr><td colspan='2'>d</td></tr></tbody></table>",
  ].join("");
  outputs.open([{ output_type: "display_data", data: { "text/html": html }, metadata: {} }]);
  expect(place.querySelectorAll("script, iframe, object, form, input, svg, a")).toHaveLength(0);
  const attributes = Array.from(place.querySelectorAll("*"), (one) =>
    one.getAttributeNames(),
  ).flat();
  expect(attributes.filter((name) => name.startsWith("on"))).toEqual([]);
  const sources = Array.from(place.querySelectorAll("img"), (one) => one.getAttribute("src"));
  expect(sources).toEqual([null, "data:image/svg+xml,%3Csvg/%3E"]);
  expect(place.innerHTML).not.toContain("far.example");
  expect(place.querySelector("td")?.getAttribute("colspan")).toBe("2");
  // The file itself goes out again as it came.
  expect(outputs.all?.[0].data?.["text/html"]).toBe(html);
});
