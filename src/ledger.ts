/** A ledger of claims: what a text says, what the code finds, and the verdict that follows from the two. */
import type { Finding, StatedClaim } from "./ledger/claims";
import { type Displayable, display, escapeHtml, formatNumber } from "./show";

export { type Finding, type StatedClaim, textClaims } from "./ledger/claims";

export type Judgement =
  | "right"
  | "right, with a condition"
  | "wrong sign"
  | "wrong number"
  | "contradicted"
  | "by source"
  | "cannot be checked";

/** A claim that code can check: the verdict is computed. */
export interface Checked {
  claimed: Finding;
  found: Finding;
  /** When the claim holds, in words; and what is found where that is not so. */
  condition?: string;
  otherwise?: Finding;
  /** What was found, in words; by default the numbers. */
  finds?: string;
}

/** A claim about people and years: the verdict is what the source says. */
export interface Sourced {
  source: string;
  finds: string;
}

/** A claim that neither code nor a source settles. */
export interface Unchecked {
  because: string;
}

export type Claim = {
  /** Short and unique, to name the claim by. */
  id: string;
  /** The claim in our own words. */
  says: string;
} & (Checked | Sourced | Unchecked);

/** What code has found on a claim: the value alone, or with words and a condition. */
export type Found = Finding | Omit<Checked, "claimed">;

export interface Entry {
  claim: Claim;
  /** The part of the text that it stands in. */
  where: string;
  /** The part of the notebook that shows it. */
  shownIn: string;
  judgement: Judgement;
}

const signs: Record<Judgement, string> = {
  right: "✓",
  "right, with a condition": "(✓)",
  "wrong sign": "✗ ±",
  "wrong number": "✗",
  contradicted: "✗",
  "by source": "",
  "cannot be checked": "?",
};

/**
 * The verdict on a claim. Numbers agree if they differ by no more than a share of 1e-9.
 *
 * @throws TypeError if claimed and found are of different kinds, or a list is of another length
 * @throws RangeError for a number that is not finite, and for a condition that changes nothing
 */
export function judge(claim: Claim): Judgement {
  if ("source" in claim) return "by source";
  if ("because" in claim) return "cannot be checked";
  const { id, claimed, found, otherwise } = claim;
  const agrees = matches(id, claimed, found, 1);
  if (otherwise === undefined) {
    if (agrees) return "right";
    if (typeof claimed === "boolean") return "contradicted";
    return matches(id, claimed, found, -1) ? "wrong sign" : "wrong number";
  }
  if (agrees && !matches(id, claimed, otherwise, 1)) return "right, with a condition";
  throw new RangeError(
    `Claim "${id}" names a condition, but ${agrees ? "holds without it too" : "does not hold with it"}.`,
  );
}

function matches(id: string, claimed: Finding, found: Finding, sign: 1 | -1): boolean {
  if (typeof claimed !== typeof found)
    throw new TypeError(`Claim "${id}" claims ${claimed}, which cannot be compared with ${found}.`);
  if (typeof claimed === "boolean" || typeof found === "boolean") return claimed === found;
  const [a, b] = [claimed, found].map((one) => (typeof one === "number" ? [one] : one));
  if (a.length !== b.length)
    throw new TypeError(`Claim "${id}" claims ${a.length} numbers, but ${b.length} were found.`);
  const all = [...a, ...b];
  if (!all.every(Number.isFinite))
    throw new RangeError(`Claim "${id}" compares numbers that are not finite: ${all.join(", ")}.`);
  return a.every((x, i) => {
    const y = sign * b[i];
    return Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y));
  });
}

/** Claims by their ids; a cell that is run again replaces what it had entered. */
export class Ledger implements Displayable {
  readonly #entries = new Map<string, Entry>();
  readonly #stated: Readonly<Record<string, StatedClaim>>;

  /** @param stated every claim that can be entered, by its id: short and unique, to name the claim by */
  constructor(stated: Readonly<Record<string, StatedClaim>>) {
    this.#stated = stated;
  }

  /**
   * Judges claims and keeps them.
   *
   * @param shownIn the part of the notebook that computes what is found
   * @param found what is found on each claim, by its id
   * @param others ids of claims that a source settles, or nothing
   * @returns the rows just entered, as a table
   * @throws as `judge`, and RangeError for an id that is not stated, a claim that needs a computation and has none, or
   *   has one and needs none; nothing is entered then
   */
  enter(
    shownIn: string,
    found: Readonly<Record<string, Found>>,
    others: readonly string[] = [],
  ): Displayable {
    const claims = [
      ...Object.entries(found).map(([id, one]) => this.#claim(id, one)),
      ...others.map((id) => this.#claim(id)),
    ];
    const entries = claims.map(
      (claim): Entry => ({
        claim,
        where: this.#stated[claim.id].where,
        shownIn,
        judgement: judge(claim),
      }),
    );
    for (const entry of entries) this.#entries.set(entry.claim.id, entry);
    return entriesTable(entries);
  }

  #claim(id: string, found?: Found): Claim {
    if (!Object.hasOwn(this.#stated, id)) throw new RangeError(`There is no claim "${id}".`);
    const { where: _, ...stated } = this.#stated[id];
    if ((stated.claimed === undefined) !== (found === undefined))
      throw new RangeError(
        found === undefined
          ? `Claim "${id}" is judged by what is found, and nothing is given.`
          : `Claim "${id}" is not judged by what is found, but ${JSON.stringify(found)} is given.`,
      );
    const isValue = typeof found !== "object" || Array.isArray(found);
    return { id, ...stated, ...(isValue ? { found } : found) } as Claim;
  }

  /** All entries, in the order in which they were first made. */
  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** How many claims have each verdict. */
  get counts(): Record<Judgement, number> {
    const counts = Object.fromEntries(
      Object.keys(signs).map((judgement) => [judgement, 0]),
    ) as Record<Judgement, number>;
    for (const { judgement } of this.entries) counts[judgement]++;
    return counts;
  }

  /**
   * The reader's own verdicts beside the ledger's.
   *
   * @param yours true for right (with or without a condition), false for wrong, undefined for not judged, by claim
   * @throws RangeError for a claim that is not in the ledger, or that no code has judged
   */
  compare(yours: Record<string, boolean | undefined>): Displayable {
    const rows = Object.entries(yours).map(([id, guess]) => {
      const entry = this.#entries.get(id);
      if (!entry || !("claimed" in entry.claim))
        throw new RangeError(`There is no claim "${id}" in the ledger that a computation judged.`);
      const right = entry.judgement.startsWith("right");
      return {
        claim: `${id}: ${entry.claim.says}`,
        yours: guess === undefined ? "not judged yet" : guess ? "right" : "wrong",
        ledger:
          guess === undefined ? "judge first" : `${signs[entry.judgement]} ${entry.judgement}`,
        same: guess === undefined ? "" : guess === right ? "✓ agreed" : "✗ not agreed",
      };
    });
    const judged = rows.filter(({ same }) => same !== "").length;
    const agreed = rows.filter(({ same }) => same.startsWith("✓")).length;
    const caption =
      judged === 0
        ? "Not judged yet: put true or false in place of undefined in the cell above, and run it."
        : `You agree with the ledger on ${agreed} of the ${judged} claims you have judged`;
    return wideTable(caption, ["Claim", "You", "The ledger", ""], rows.map(Object.values));
  }

  [display]() {
    return entriesTable(this.entries)[display]();
  }
}

function entriesTable(entries: readonly Entry[]): Displayable {
  const rows = entries.map(({ claim, where, shownIn, judgement }) => [
    claim.id,
    where,
    "claimed" in claim && typeof claim.claimed !== "boolean"
      ? `${claim.says}: ${numbers(claim.claimed)}`
      : claim.says,
    findings(claim),
    `${signs[judgement]} ${judgement}`,
    shownIn,
  ]);
  const heads = ["", "In the text", "Claim", "Found", "Verdict", "Part"];
  return wideTable(undefined, heads, rows);
}

function findings(claim: Claim): string {
  if ("because" in claim) return claim.because;
  if ("source" in claim) return `${claim.finds} (${claim.source})`;
  const { found, finds, condition, otherwise } = claim;
  const plain = typeof found === "boolean" ? (found ? "so it is" : "not so") : numbers(found);
  if (otherwise === undefined || condition === undefined) return finds ?? plain;
  const other = typeof otherwise === "boolean" ? "" : `; otherwise ${numbers(otherwise)}`;
  return `${finds ?? plain}, if ${condition}${other}`;
}

function numbers(found: Exclude<Finding, boolean>): string {
  const list = typeof found === "number" ? [found] : found;
  const same = list.length > 3 && list.every((one) => one === list[0]);
  return same
    ? `${list.length} times ${formatNumber(list[0], 4)}`
    : list.map((one) => formatNumber(one, 4)).join(", ");
}

/** A table of sentences: cells break into lines, and rows are told apart. */
function wideTable(
  caption: string | undefined,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): Displayable {
  const style = "text-align:left;vertical-align:top;padding:5px 10px;white-space:normal";
  const html = () => {
    const head = heads.map((text) => `<th scope="col" style="${style}">${escapeHtml(text)}</th>`);
    const body = rows.map((row) => {
      const cells = row.map((text, c) =>
        c === 0
          ? `<th scope="row" style="${style};font-weight:normal">${escapeHtml(text)}</th>`
          : `<td style="${style}">${escapeHtml(text)}</td>`,
      );
      return `<tr style="border-top:1px solid #8886">${cells.join("")}</tr>`;
    });
    const title = caption
      ? `<caption style="text-align:left;font-weight:bold;padding:4px 10px;caption-side:top;color:inherit">${escapeHtml(caption)}</caption>`
      : "";
    return `<table style="border-collapse:collapse;margin:4px 0">${title}<thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`;
  };
  const plain = () =>
    [...(caption ? [caption] : []), ...rows.map((row) => row.filter(Boolean).join(" | "))].join(
      "\n",
    );
  return { [display]: () => ({ "text/html": html(), "text/plain": plain() }) };
}
