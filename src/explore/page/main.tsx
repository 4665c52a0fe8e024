/// <reference lib="dom" />
/** The script of all explorables in a page: bundled into explore.js, which their outputs load once. */
import { type ComponentType, render } from "preact";
import { activation } from "../activation";
import { digits } from "../digits";
import type { Kind } from "../explorable";
import { playground } from "../playground";
import { slope } from "../slope";
import { walking } from "../walk";
import { Activation } from "./activation";
import { Digits } from "./digits";
import { changedEvent, ownSettings, Problem } from "./frame";
import { Playground } from "./playground";
import { Slope } from "./slope";
import { styles } from "./styles";
import { Walk } from "./walk";

// biome-ignore lint/suspicious/noExplicitAny: each kind has settings of its own, and a page knows only their names
type Any = any;

const kinds: Record<string, { kind: Kind<Any>; Page: ComponentType<{ start: Any }> }> = {
  activation: { kind: activation, Page: Activation },
  backpropagation: { kind: walking, Page: Walk },
  slope: { kind: slope, Page: Slope },
  playground: { kind: playground, Page: Playground },
  digits: { kind: digits, Page: Digits },
};

/** Puts a live explorable in place of the still picture in its container. */
function explore(container: HTMLElement, name: string, settings: object): void {
  const { kind, Page } = kinds[name];
  const still = container.firstElementChild as HTMLElement;
  const host = document.createElement("div");
  // JupyterLab takes keys for itself unless the focused element, or the host of its shadow root, says otherwise.
  host.dataset.lmSuppressShortcuts = "true";
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = styles;
  const place = document.createElement("section");
  place.setAttribute("aria-label", titles[name]);
  root.append(style, place);
  const given = { ...kind.defaults, ...settings };
  const linked = fromLink(kind, name, given);
  const { start, problem, isLinked } = linked ?? { start: kept(kind, container, given) ?? given };
  // Where a page keeps what its reader has found, it hears of it.
  place.addEventListener(changedEvent, ({ detail }: CustomEventInit) => {
    const settings = { given: ownSettings(kind, given), now: ownSettings(kind, detail) };
    const event = new CustomEvent(settingsEvent, { bubbles: true, detail: settings });
    container.dispatchEvent(event);
  });
  render(
    <>
      <p class="title">{titles[name]}</p>
      {problem && <Problem message={problem} />}
      <Page start={start} />
    </>,
    place,
  );
  container.append(host);
  still.style.display = "none";
  if (isLinked) host.scrollIntoView();
}

const titles: Record<string, string> = {
  activation: "Explore: an activation function and its slope",
  backpropagation: "Explore: backpropagation, step by step",
  slope: "Explore: one weight, one slope",
  playground: "Playground: train a network",
  digits: "Explore: write a digit",
};

/** What an explorable dispatches in its page: the settings that the cell gave it, and those that it has now. */
const settingsEvent = "backprop:settings";

/** The settings that a page of the web edition has kept for the explorable of a cell, if they began as these do. */
function kept(kind: Kind<Any>, container: HTMLElement, given: object): object | undefined {
  const { backpropSettings: all = {} } = window as unknown as {
    backpropSettings?: Record<string, { given?: object; now?: object }>;
  };
  const { given: before, now } =
    all[container.closest<HTMLElement>("[data-cell]")?.dataset.cell ?? ""] ?? {};
  if (JSON.stringify(before) !== JSON.stringify(ownSettings(kind, given))) return undefined;
  try {
    const settings = { ...given, ...now };
    kind.check(settings);
    return settings;
  } catch {
    return undefined; // kept by another edition of the course
  }
}

/** In the web edition a link can bring settings along; the first explorable of the kind takes them. */
function fromLink(
  kind: Kind<Any>,
  name: string,
  settings: Record<string, unknown>,
): { start: object; problem?: string; isLinked?: boolean } | undefined {
  const prefix = `#${name}=`;
  const isSite = document.documentElement.dataset.backprop !== undefined;
  const isFirst = !document.querySelector(`[data-linked="${name}"]`);
  if (!isSite || !isFirst || !location.hash.startsWith(prefix)) return undefined;
  document.documentElement.setAttribute("data-linked", name);
  try {
    const fromCell = (kind.fromCell ?? []).map((name) => [name, settings[name]]);
    const linked = {
      ...kind.defaults,
      ...Object.fromEntries(fromCell),
      ...JSON.parse(decodeURIComponent(location.hash.slice(prefix.length))),
    };
    kind.check(linked);
    return { start: linked, isLinked: true };
  } catch (error) {
    return {
      start: settings,
      problem: `the link's settings cannot be used. ${(error as Error).message}`,
    };
  }
}

const page = window as unknown as { backprop?: object };
page.backprop = { ...page.backprop, explore };
