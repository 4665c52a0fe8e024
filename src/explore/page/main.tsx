/// <reference lib="dom" />
/** The script of all explorables in a page: bundled into explore.js, which their outputs load once. */
import { type ComponentType, render } from "preact";
import { watchTheme } from "../../show";
import type { Kind } from "../explorable";
import { changedEvent, Frame } from "./frame";
import { styles } from "./styles";

// biome-ignore lint/suspicious/noExplicitAny: each kind has settings of its own, and a page knows only their names
type Any = any;

/** What the file of a kind's page exports. */
interface KindPage {
  kind: Kind<Any>;
  Page: ComponentType<{ start: Any }>;
}

/**
 * Puts a live explorable in place of the still picture in its container.
 *
 * @param isBare without its settings: only what is seen
 */
async function explore(
  container: HTMLElement,
  name: string,
  settings: object,
  isBare = false,
): Promise<void> {
  // The bundler reads this pattern, and puts in whatever file it fits.
  const { kind, Page }: KindPage = await import(`../kinds/${name}.page.tsx`);
  const still = container.firstElementChild as HTMLElement;
  const host = document.createElement("div");
  // JupyterLab takes keys for itself unless the focused element, or the host of its shadow root, says otherwise.
  host.dataset.lmSuppressShortcuts = "true";
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = styles;
  const place = document.createElement("section");
  place.setAttribute("aria-label", kind.heading);
  root.append(style, place);
  const given = { ...kind.defaults, ...settings };
  const linked = fromLink(kind, given);
  const { start, problem, isLinked } = linked ?? { start: kept(kind, container, given) ?? given };
  // Where a page keeps what its reader has found, it hears of it.
  place.addEventListener(changedEvent, ({ detail }: CustomEventInit) => {
    const settings = { given: kind.told(given), now: kind.told(detail) };
    const event = new CustomEvent(settingsEvent, { bubbles: true, detail: settings });
    container.dispatchEvent(event);
  });
  container.append(host);
  watchTheme<HTMLElement>(window, (isDark) => {
    host.dataset.theme = isDark ? "dark" : "light";
  });
  render(
    <Frame heading={kind.heading} problem={problem} isBare={isBare}>
      <Page start={start} />
    </Frame>,
    place,
  );
  still.style.display = "none";
  if (isLinked) host.scrollIntoView();
}

/** What an explorable dispatches in its page: the settings that the cell gave it, and those that it has now. */
const settingsEvent = "backprop:settings";

/** The settings that a page of the web edition has kept for the explorable of a cell, if they began as these do. */
function kept(kind: Kind<Any>, container: HTMLElement, given: object): object | undefined {
  const { backpropSettings: all = {} } = window as unknown as {
    backpropSettings?: Record<string, { given?: object; now?: object }>;
  };
  const { given: before, now } =
    all[container.closest<HTMLElement>("[data-cell]")?.dataset.cell ?? ""] ?? {};
  if (JSON.stringify(before) !== JSON.stringify(kind.told(given))) return undefined;
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
  settings: Record<string, unknown>,
): { start: object; problem?: string; isLinked?: boolean } | undefined {
  const prefix = `#${kind.name}=`;
  const isSite = document.documentElement.dataset.backprop !== undefined;
  const isFirst = !document.querySelector(`[data-linked="${kind.name}"]`);
  if (!isSite || !isFirst || !location.hash.startsWith(prefix)) return undefined;
  document.documentElement.setAttribute("data-linked", kind.name);
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
