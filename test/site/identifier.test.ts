/** Who students may say they are: what comes through file names and platforms, and has the form that their class uses. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { identifierOf } from "../../src/coursework/class";
import { projectRoot } from "../../src/kernel/node/argv";
import { checkPattern, tidy, whyNoIdentifier } from "../../src/site/identifier";

const original = join(projectRoot, "notebooks", "coursework");
const asked = identifierOf(original, original);
const any = { pattern: ".+", asksFor: "your name" };

describe("an identifier", () => {
  test.each(["ada", "ab123", "7654321", "ada.king-2", "ada.king@uni.example"])(
    "«%s» is one by default",
    (text) => {
      expect(whyNoIdentifier(text, asked)).toBeUndefined();
    },
  );

  test.each(["", "a", "Ada", "ada king", "zoë", "ada/king", "../ada", "=ada", ".ada", "ada."])(
    "«%s» is none by default, and is told what is asked for",
    (text) => {
      expect(whyNoIdentifier(text, asked)).toContain(asked.asksFor);
    },
  );

  test.each(["Zoë Ñandú", "ada@uni.example", "李 明", "a_king", "Ada"])(
    "«%s» is one where the class says so",
    (text) => {
      expect(whyNoIdentifier(text, any)).toBeUndefined();
    },
  );

  test.each([
    ["ada/king", "«/»"],
    ["ada\\king", "«\\»"],
    ["O'Hara", "«'»"],
    ["a:b", "«:»"],
    ["<b>", "«<»"],
    ["a*", "«*»"],
    ["a\u0000", "«\u0000»"],
    ["a\u202eb", "«\u202e»"],
    ["=1+1", "«=»"],
    ["+1", "«+»"],
    ["-ada", "«-ada»"],
    ["@ada", "«@ada»"],
    [".ada", "«.ada»"],
    ["ada ", "«ada »"],
    ["a..b", "«a..b»"],
    ["a  b", "«a  b»"],
    ["ada_1_2", "«ada_1_2»"],
    ["a".repeat(61), "60"],
  ])("«%s» is none, whatever the class says", (text, named) => {
    const reason = whyNoIdentifier(text, any);
    expect(reason).toContain(named);
    expect(reason).toContain("your name");
  });

  test("is the same however it was typed", () => {
    expect(tidy(" Zoe\u0308 ")).toBe("Zo\u00eb");
  });
});

describe("a class's pattern", () => {
  test("is the same in its configuration and where that does not say it", () => {
    const python = readFileSync(join(original, "grading", "downloads.py"), "utf8");
    expect(python).toContain(`identifier = Unicode(r"${asked.pattern}"`);
    expect(python).toContain(`asks_for = Unicode("${asked.asksFor}"`);
  });

  test("means the same to the page and to Python", () => {
    const patterns = [asked.pattern, "[0-9]{7}", "\\w+", "[a-zäöüß]+(?:-\\d)?", "a|bc", "."];
    const texts = [
      "ada",
      "ada\n",
      "1234567",
      "12345678",
      "zoë",
      "größe-3",
      "a",
      "bc",
      "abc",
      "_",
      "É",
    ];
    const program =
      "import sys, json, re; p, t = json.load(sys.stdin); print(json.dumps([[bool(re.fullmatch(a, b, re.ASCII)) for b in t] for a in p]))";
    const pythons = execFileSync("python3", ["-c", program], {
      input: JSON.stringify([patterns, texts]),
    });
    const ours = patterns.map((pattern) =>
      texts.map((text) => new RegExp(`^(?:${pattern})$`).test(text)),
    );
    expect(ours).toEqual(JSON.parse(String(pythons)));
    for (const pattern of patterns) expect(() => checkPattern(pattern)).not.toThrow();
  });

  test.each(["[a-z", "(?P<a>x)", "\\Aada\\Z", "(?i)ada", "\\p{L}+"])(
    "%s is refused: one of the two would not read it",
    (pattern) => {
      expect(() => checkPattern(pattern)).toThrow(RangeError);
    },
  );
});
