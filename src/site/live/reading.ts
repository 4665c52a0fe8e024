/// <reference lib="dom" />
/** The script of every page: follows the reader through it, says how far they are, and searches. */
import { readCards } from "../../cards/page/kept";
import { createKeep, type KeptPage } from "./keep";
import { type PageReading, readReading } from "./page-data";
import { startSearch } from "./search-field";
import { watchWidths } from "./widths";

const keep = createKeep(() => localStorage);
const reading = readReading(document);
startSearch();
watchWidths(document.body);
if (reading) followReader(reading);
else tellProgress();

/** Marks in the contents where the reader is, and keeps which sections were read to their end. */
function followReader({ name, sections }: PageReading): void {
  const contents = document.querySelector<HTMLElement>(".toc") as HTMLElement;
  const end = document.querySelector("footer") as HTMLElement;
  const heads = sections.map((id) => document.getElementById(id) as HTMLElement);
  const links = Array.from(contents.querySelectorAll<HTMLAnchorElement>("ol a"));
  const here = contents.querySelector(".here");
  const read = new Set((keep.page(name).read ?? []).filter((id) => sections.includes(id)));
  keep.keepLast(name);
  let at = -2;
  /** Where the reader has begun to read on, and how far down the page was then seen. */
  let began: number | undefined;
  let seenAt = scrollY;

  function look(): void {
    const middle = innerHeight * 0.35;
    const now = heads.filter((head) => head.getBoundingClientRect().top < middle).length - 1;
    if (now !== at) {
      at = now;
      links.forEach((link, n) => {
        if (n === now) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      });
      tell();
      if (here) here.textContent = now < 0 ? "On this page" : links[now].textContent;
      const one = links[now];
      // In contents that are longer than the window.
      if (
        one &&
        !contents.classList.contains("is-bar") &&
        contents.scrollHeight > contents.clientHeight
      )
        contents.scrollTop = one.offsetTop - contents.clientHeight / 2;
    }
    // A section was read when its end has come into sight, and the reader did not just jump there.
    const isJump = Math.abs(scrollY - seenAt) > 1.5 * innerHeight;
    seenAt = scrollY;
    if (began === undefined || isJump || now < began) began = Math.max(now, 0);
    for (let n = began; n <= now; n++) {
      const next = heads[n + 1] ?? end;
      if (next.getBoundingClientRect().top < innerHeight) finish(sections[n]);
    }
  }

  function finish(id: string): void {
    if (read.has(id)) return;
    read.add(id);
    const page = keep.page(name);
    keep.keepPage(name, { ...page, read: [...new Set([...(page.read ?? []), id])] });
    tell();
  }

  function tell(): void {
    links.forEach((link, n) => {
      if (!read.has(sections[n]) || link.querySelector(".read")) return;
      const sign = document.createElement("span");
      sign.className = "read";
      sign.innerHTML = '<span aria-hidden="true">✓</span><span class="heard">, read</span>';
      link.append(sign);
    });
    const done = contents.querySelector(".done");
    const cards = document.querySelectorAll("main [data-card]:not([data-card=review])").length;
    const answered = Object.values(readCards(name)).filter(({ last }) => last).length;
    const asked = cards > 0 ? `, ${Math.min(answered, cards)} of ${cards} questions answered` : "";
    if (done) done.textContent = `${read.size} of ${sections.length} sections read${asked}`;
    fill(contents.querySelector(".meter"), read.size / sections.length);
  }

  let isWaiting = false;
  const later = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      look();
    });
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  // In a bar the contents stand over the text: where they have led, they close.
  contents.addEventListener("click", ({ target }) => {
    if (contents.classList.contains("is-bar") && (target as Element).closest("a"))
      contents.removeAttribute("open");
  });
  // The library's sources take half of the window.
  new MutationObserver(() => contents.dispatchEvent(new Event("fit"))).observe(
    document.documentElement,
    { attributeFilter: ["class"] },
  );
  if (sections.length === 0) return;
  tell();
  later();
}

/** On the front door: how far the reader is in each notebook and in all, and where to go on. */
function tellProgress(): void {
  const books = Array.from(document.querySelectorAll<HTMLElement>("[data-book]"));
  let done = 0;
  const shares = books.map((book) => {
    const { book: name = "", sections = "" } = book.dataset;
    const all = sections.split(" ").filter(Boolean);
    const page: KeptPage = keep.page(name);
    const read = all.filter((id) => page.read?.includes(id)).length;
    const place = book.querySelector<HTMLElement>(".far");
    if (read === 0 || !place) return 0;
    if (read === all.length) {
      done++;
      place.innerHTML = '<span class="good">✓ Done</span>';
      return 1;
    }
    place.textContent = `${read} of ${all.length} sections`;
    const meter = document.createElement("span");
    meter.className = "meter";
    meter.setAttribute("aria-hidden", "true");
    meter.append(document.createElement("i"));
    fill(meter, read / all.length);
    place.append(meter);
    return read / all.length;
  });
  const whole = shares.reduce((sum, share) => sum + share, 0) / books.length;
  const last = books.find(({ dataset }) => dataset.book === keep.last());
  const lastAt = last ? books.indexOf(last) : -1;
  const next = last && shares[lastAt] === 1 ? books[lastAt + 1] : last;
  const button = document.getElementById("go-on") as HTMLAnchorElement | null;
  const link = next?.querySelector("a");
  if (button && link && whole > 0) {
    button.href = link.href;
    button.textContent = `Go on with ${link.textContent}`;
  }
  const place = document.getElementById("progress");
  if (!place || whole === 0) return;
  const words = place.querySelector(".far");
  if (words)
    words.textContent = `You have finished ${done} of ${books.length} notebooks, ${Math.round(100 * whole)} % of all sections.`;
  const meter = place.querySelector<HTMLElement>(".meter");
  if (meter) meter.hidden = false;
  fill(meter, whole);
}

function fill(meter: Element | null, share: number): void {
  const bar = meter?.querySelector("i");
  if (bar) bar.style.width = `${Math.round(100 * share)}%`;
}
