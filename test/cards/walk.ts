/// <reference lib="dom" />
/** A card's whole way: answered wrongly, then rightly, then shown. In jsdom, and bundled into a page of a browser. */
import type { CardData } from "../../src/cards/card";
import { DrivenCard, drawn } from "./driven";

/** Answers by the card's own data: some that are wrong, and the right one. */
function answersOf({ asked }: CardData): { wrong: string[][]; right: string[] } | undefined {
  if (asked.kind === "number") {
    const others = asked.mistakes.map(([value]) => [String(value)]);
    return { wrong: [...others, [String(3 * asked.answer + 7)]], right: [String(asked.answer)] };
  }
  if (asked.kind !== "choice" && asked.kind !== "several") return undefined;
  const words = (place: number) => {
    const element = document.createElement("div");
    element.innerHTML = asked.choices[place][0];
    return element.textContent ?? "";
  };
  const right = asked.answer.map(words);
  const all = asked.choices.map((_, place) => [words(place)]);
  return { wrong: all.filter(([one]) => right.length > 1 || one !== right[0]), right };
}

/** Goes the whole way with a card that nobody has answered. @returns what it should not have done, a sentence each */
export async function walk(card: DrivenCard): Promise<string[]> {
  const faults: string[] = [];
  const expect = (holds: boolean, otherwise: string) => {
    if (!holds) faults.push(otherwise);
  };
  const { asked, type } = card.data;
  const { details } = card;
  details.open = false;
  expect(!/[✓✗]/.test(await card.answer("")), "it judges before there is a guess");
  expect(!details.open, "it opens before there is a guess");

  const answers = answersOf(card.data);
  for (const wrong of answers?.wrong ?? []) {
    const said = await card.answer(...wrong);
    expect(said.startsWith("✗"), `to ${wrong} it says: ${said}`);
    // Not by elimination: to whatever is wrong there is something to say.
    if (type === "question")
      expect(said.length > "✗ Not yet. ".length + 10, `to ${wrong} it says no more than: ${said}`);
    expect(card.offers, `after ${wrong} it offers no way`);
  }
  if (answers) {
    const said = await card.answer(...answers.right);
    expect(said.startsWith("✓"), `to ${answers.right}, which is right, it says: ${said}`);
    expect(details.open, "what is shown stays closed after the right answer");
  } else if (asked.kind === "words") {
    expect(/below/.test(await card.answer("some words")), "it does not take words");
    expect(details.open, "what is shown stays closed after a guess in words");
  }
  await card.toggle();
  if (details.open) await card.toggle();
  await card.toggle();
  expect(details.open, "it cannot be opened by hand");
  expect(details.querySelector(":scope > :not(summary)") !== null, "nothing is in what opens");
  return faults;
}

/** The same with all cards of a page, once each has come alive. @param all what each was told, in their order */
export async function walkAll(all: readonly CardData[]): Promise<string[]> {
  const containers = document.querySelectorAll<HTMLElement>(
    '[data-card="question"], [data-card="prediction"]',
  );
  if (containers.length !== all.length)
    return [`There are ${containers.length} cards, and the file has ${all.length}.`];
  const faults: string[] = [];
  for (const [n, container] of containers.entries()) {
    container.scrollIntoView({ block: "center" });
    for (let tries = 0; !container.querySelector('[data-part="card"]') && tries < 200; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const found = await walk(new DrivenCard(container, all[n])).catch((error) => [String(error)]);
    const question = container.querySelector('[data-part="question"]')?.textContent;
    faults.push(...found.map((fault) => `${question}: ${fault}`));
  }
  await drawn();
  return faults;
}
