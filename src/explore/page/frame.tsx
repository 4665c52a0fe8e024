/// <reference lib="dom" />
/** What all explorables share in the page: settings that change, labelled controls, the picture, the numbers, the code. */
import { type ComponentChildren, createContext } from "preact";
import { useContext, useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Picture } from "../../show";
import { type Chart, drawCharts, scaleOf } from "../chart";
import { type Kind, tablesHtml, type View } from "../explorable";
import { inTheme } from "./theme";

/** How an explorable has to look where it stands. */
interface Look {
  /** It has the width of a phone. */
  isNarrow: boolean;
  /** What is seen is all: its settings are not shown. */
  isBare: boolean;
}
const LookContext = createContext<Look>({ isNarrow: false, isBare: false });
export const useLook = () => useContext(LookContext);

/** In pixels: narrower than this, pictures are drawn for a phone, and nothing of size stands beside them. */
const [narrowest, oneColumn] = [600, 960];

/** What stands around every kind's page. */
export function Frame(props: {
  heading: string;
  problem?: string;
  isBare: boolean;
  children: ComponentChildren;
}) {
  const { heading, problem, isBare, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(oneColumn);
  const isNarrow = width < narrowest;
  useLayoutEffect(() => {
    const element = box.current as HTMLElement;
    // In a hidden tab there is no width yet.
    const measure = () => element.clientWidth > 0 && setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={box} class={isNarrow ? "narrow" : width < oneColumn ? "column" : ""}>
      <LookContext.Provider value={{ isNarrow, isBare }}>
        <p class="title">{heading}</p>
        {problem && <Problem message={problem} isCode />}
        {children}
      </LookContext.Provider>
    </div>
  );
}

/** An explorable as it stands in the page: what its fields say, and what is seen. */
interface Alive<S extends object, V> {
  /** What the fields say; it may be what cannot be shown. */
  settings: S;
  /** The settings of what is seen. */
  seen: S;
  set: (settings: S) => void;
  /** For fields: changes what they say. */
  change: (part: Partial<S>) => void;
  /** For what is done with the picture: changes what is seen, and gives up what could not be shown. */
  act: (part: Partial<S>) => void;
  /** What the last settings that could be shown look like. */
  view?: V;
  /** Why the fields' settings cannot be shown. */
  problem?: string;
  /** While a pointer holds the picture its axes stay: else what is dragged would run away from the pointer. */
  hold: (isHeld: boolean) => void;
}

/**
 * What every page begins with. `view` is asked only for settings that pass the kind's check, and is told what was seen
 * when a pointer took hold of it. Settings that cannot be shown leave the last picture where it is.
 */
export function useSettings<S extends object, V extends View, W = V>(
  kind: Kind<S, V>,
  start: S,
  view: (settings: S, held?: W) => W,
): Alive<S, W> {
  const [settings, set] = useState(start);
  const [, redraw] = useState(0);
  const held = useRef<W>(undefined);
  const last = useRef<{ settings: S; view: W }>(undefined);
  const { view: now, problem } = tryView(() => {
    kind.check(settings);
    return { settings, view: view(settings, held.current) };
  });
  if (now) last.current = now;
  const seen = last.current?.settings ?? settings;
  return {
    settings,
    seen,
    set,
    change: (part) => set((now) => ({ ...now, ...part })),
    act: (part) => set((now) => ({ ...(last.current?.settings ?? now), ...part })),
    view: last.current?.view,
    problem,
    hold(isHeld) {
      held.current = isHeld ? last.current?.view : undefined;
      redraw((n) => n + 1);
    },
  };
}

/** The order of things: what is seen, or what is wrong, then the controls, the numbers, and the settings as code. */
export function Layout<S extends object, V extends View>(props: {
  kind: Kind<S, V>;
  alive: Alive<S, V>;
  controls: ComponentChildren;
  children: (view: V) => ComponentChildren;
  /** Where the numbers stand among the other things already. */
  hasNumbers?: boolean;
  /** The same with the library alone, as code. */
  code?: string;
  /** What stands below all else. */
  after?: ComponentChildren;
}) {
  const { seen, view, problem } = props.alive;
  const { isBare } = useLook();
  return (
    <>
      {problem && <Problem message={problem} isKept={view !== undefined} />}
      {view && props.children(view)}
      {!isBare && props.controls}
      {view && !props.hasNumbers && <Numbers view={view} />}
      <Found kind={props.kind} settings={seen} more={props.code} />
      {props.after}
    </>
  );
}

/** Controls that are opened when they are wanted. */
export function More(props: { about: string; children: ComponentChildren }) {
  return (
    <details class="more">
      <summary>More about {props.about}</summary>
      {props.children}
    </details>
  );
}

/** A control and its label; the control is made with the id that its label names. */
function Field(props: {
  label: string;
  /** Default: one of its own. */
  id?: string;
  /** Whether it takes the width that is there. */
  isWide?: boolean;
  children: (id: string) => ComponentChildren;
}) {
  const own = useId();
  const { label, id = own, isWide, children } = props;
  return (
    <div class={isWide ? "control wide" : "control"}>
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
}

/** A number chosen by a slider, which shows its value. */
export function Slider(props: {
  label: string;
  value: number;
  from: number;
  to: number;
  by: number;
  set: (value: number) => void;
  /** What the value is called; by default the number itself. */
  said?: string;
}) {
  const { label, value, from, to, by, set, said } = props;
  // Its ends go out to what it was set to elsewhere, and stay there: moving ends would move the value.
  const ends = useRef({ from, to });
  ends.current.from = Math.min(ends.current.from, from, Math.floor(value));
  ends.current.to = Math.max(ends.current.to, to, Math.ceil(value));
  return (
    <Field label={label}>
      {(id) => (
        <>
          <input
            id={id}
            type="range"
            min={ends.current.from}
            max={ends.current.to}
            step={by}
            value={value}
            aria-valuetext={said}
            onInput={(event) => set(Number(event.currentTarget.value))}
          />
          <output for={id}>{said ?? String(Number(value.toFixed(4))).replace("-", "−")}</output>
        </>
      )}
    </Field>
  );
}

/**
 * A number typed in. What is out of range is left to the checks of the settings, and what is no number, or nothing, goes to
 * them as NaN.
 */
export function NumberField(props: {
  label: string;
  id?: string;
  value: number;
  from?: number;
  to?: number;
  by?: number;
  set: (value: number) => void;
}) {
  return (
    <Field label={props.label} id={props.id}>
      {(id) => (
        <input
          id={id}
          type="number"
          min={props.from}
          max={props.to}
          step={props.by ?? "any"}
          value={Number.isFinite(props.value) ? props.value : ""}
          onChange={({ currentTarget: { value } }) =>
            props.set(value === "" ? Number.NaN : Number(value))
          }
        />
      )}
    </Field>
  );
}

export function Choice(props: {
  label: string;
  value: string;
  /** The names, or names with what to call them. */
  choices: readonly string[] | Record<string, string>;
  set: (value: string) => void;
}) {
  const { label, value, choices, set } = props;
  const entries: [string, string][] = Array.isArray(choices)
    ? choices.map((name) => [name, words(name)])
    : Object.entries(choices as Record<string, string>);
  return (
    <Field label={label}>
      {(id) => (
        <select id={id} value={value} onChange={(event) => set(event.currentTarget.value)}>
          {entries.map(([name, text]) => (
            <option key={name} value={name} selected={name === value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Button(props: {
  children: ComponentChildren;
  press: () => void;
  disabled?: boolean;
  /** The one to be pressed again and again. */
  isMain?: boolean;
}) {
  // A disabled button would lose the keyboard's focus: it stays, and does nothing.
  return (
    <button
      type="button"
      class={props.isMain ? "main" : undefined}
      aria-disabled={props.disabled ?? false}
      onClick={() => {
        if (!props.disabled) props.press();
      }}
    >
      {props.children}
    </button>
  );
}

export function Controls(props: { name: string; children: ComponentChildren }) {
  return (
    <fieldset class="controls">
      <legend>{props.name}</legend>
      {props.children}
    </fieldset>
  );
}

/** An SVG picture that scales with the page, in its light or dark. */
export function PictureBox(props: {
  picture: Picture;
  alt: string;
  /** At which share of its size it is no longer made smaller. */
  leastShare?: number;
  /** Told of a pointer that is set down in it and dragged, where in the picture's own pixels. */
  onPointer?: (x: number, y: number, event: PointerEvent) => void;
  /** Told when a pointer takes hold of it, and when it lets go. */
  hold?: (isHeld: boolean) => void;
}) {
  const { picture, alt, leastShare = 0, onPointer, hold } = props;
  const element = useRef<HTMLDivElement>(null);
  const isHeld = useRef(false);
  /** A finger that may still scroll the page: where it was set down. */
  const waiting = useRef<PointerEvent>(undefined);
  const report = (event: PointerEvent) => {
    const box = (element.current as HTMLElement).getBoundingClientRect();
    const scale = picture.width / box.width;
    onPointer?.((event.clientX - box.left) * scale, (event.clientY - box.top) * scale, event);
  };
  const take = (event: PointerEvent) => {
    waiting.current = undefined;
    isHeld.current = true;
    hold?.(true);
    report(event);
  };
  return (
    <div
      ref={element}
      class={onPointer ? "picture draggable" : "picture"}
      style={{
        maxWidth: `${picture.width}px`,
        minWidth: `${Math.round(leastShare * picture.width)}px`,
      }}
      role="img"
      aria-label={alt}
      onPointerDown={(event) => {
        if (!onPointer || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        if (event.pointerType === "touch" && maySwipe(event.target as Element))
          waiting.current = event;
        else take(event);
      }}
      onPointerMove={(event) => {
        const from = waiting.current;
        if (from) {
          const [dx, dy] = [event.clientX - from.clientX, event.clientY - from.clientY];
          if (Math.abs(dx) <= Math.abs(dy)) return; // the browser scrolls, and takes the pointer away
          take(from);
        }
        if (isHeld.current) report(event);
      }}
      onPointerUp={() => waiting.current && take(waiting.current)}
      onLostPointerCapture={() => {
        waiting.current = undefined;
        isHeld.current = false;
        hold?.(false);
      }}
      dangerouslySetInnerHTML={{ __html: inTheme(picture.svg) }}
    />
  );
}

/** Whether a finger set down there scrolls the page when it goes up or down: the style sheet says where it does not. */
const maySwipe = (target: Element) => getComputedStyle(target).touchAction !== "none";

/** In pixels: what a chart has on a phone, where its letters are still ten pixels high. */
const narrowChart = { width: 350, height: 320 };

/** Charts beside one another, or on a phone below. */
export function Charts(props: {
  charts: readonly Chart[];
  /** What the first of them shows, for those who do not see it; the others have their titles. */
  alt: string;
  /** Told of a pointer that is set down in a chart and dragged, where on its axes. */
  onPoint: (x: number, y: number, chart: Chart) => void;
  hold: (isHeld: boolean) => void;
}) {
  const { charts, alt, onPoint, hold } = props;
  const { isNarrow } = useLook();
  const id = useId();
  return (
    <div class="panes">
      {charts.map((given, n) => {
        const chart = isNarrow ? { ...given, ...narrowChart } : given;
        const { atX, atY } = scaleOf(chart);
        return (
          <PictureBox
            key={given.title}
            picture={drawCharts([chart], undefined, `${id}-${n}-`)}
            alt={n === 0 ? alt : given.title}
            onPointer={(px, py) => onPoint(atX(px), atY(py), chart)}
            hold={hold}
          />
        );
      })}
    </div>
  );
}

export function Numbers({ view }: { view: View }) {
  return (
    // A wide table scrolls in a box of its own, by keyboard too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section class="numbers" tabIndex={0} aria-label="The numbers">
      <div dangerouslySetInnerHTML={{ __html: tablesHtml(view) }} />
    </section>
  );
}

export function Problem(props: {
  message: string;
  /** Whether the picture of earlier settings stays. */
  isKept?: boolean;
  /** Whether it is about code or a link, in which names stand as they are. */
  isCode?: boolean;
}) {
  return (
    <p class="problem" role="alert">
      <strong>This does not work: </strong>
      {props.isCode ? props.message : inWords(props.message)}
      {props.isKept && " What you see is still as it was before."}
    </p>
  );
}

/** The settings as code for a cell, and in the web edition as a link. */
export function Found<S extends object>(props: { kind: Kind<S>; settings: S; more?: string }) {
  const { kind, settings, more } = props;
  const { isBare } = useLook();
  const details = useRef<HTMLDetailsElement>(null);
  useTold(details, settings);
  const code = `import * as explore from "./src/explore";\n\n${kind.code(settings)}\n${more ? `\n// The same with the library alone:\n${more}` : ""}`;
  const isSite = document.documentElement.dataset.backprop !== undefined;
  if (isBare) return null;
  return (
    <details class="found" ref={details}>
      <summary>What did I find? These settings as code</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre tabIndex={0}>{code}</pre>
      <Copied text={() => code} />
      {isSite && (
        <p>
          <a href={fragment(kind, settings)}>A link to this page with these settings</a>
        </p>
      )}
    </details>
  );
}

/** A button that copies a text, and with the name of a file another that saves it. */
export function Copied({ text, file }: { text: () => string; file?: string }) {
  const [said, say] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      say("Copied.");
    } catch {
      say("The browser does not let us copy: mark the text and copy it yourself.");
    }
  };
  const save = () => {
    const link = document.createElement("a");
    link.href = `data:application/json,${encodeURIComponent(text())}`;
    link.download = file ?? "";
    link.click();
    say(`Saved as ${file}.`);
  };
  return (
    <div class="buttons">
      <Button press={copy}>{file ? "To the clipboard" : "Copy"}</Button>
      {file && <Button press={save}>Save as {file}</Button>}
      <span role="status">{said}</span>
    </div>
  );
}

/** Several lines of text, taken when the reader leaves the field. */
export function TextField(props: {
  label: string;
  value: string;
  /** Without it the text can only be read and marked. */
  set?: (text: string) => void;
}) {
  return (
    <Field label={props.label} isWide>
      {(id) => (
        <textarea
          id={id}
          rows={6}
          spellcheck={false}
          readOnly={!props.set}
          value={props.value}
          onChange={({ currentTarget: { value } }) => props.set?.(value)}
        />
      )}
    </Field>
  );
}

/** A file of the reader's, as text. */
export function FileField(props: { label: string; accept: string; set: (text: string) => void }) {
  return (
    <Field label={props.label}>
      {(id) => (
        <input
          id={id}
          type="file"
          accept={props.accept}
          onChange={async ({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file) props.set(await file.text());
            // The same file can be chosen again after a change.
            currentTarget.value = "";
          }}
        />
      )}
    </Field>
  );
}

/** What is dispatched within an explorable when the reader has changed its settings. */
export const changedEvent = "settings";

/** Tells of settings that are not those of the start. */
function useTold(element: { current: HTMLElement | null }, settings: object): void {
  const text = JSON.stringify(settings);
  const told = useRef(text);
  useEffect(() => {
    if (told.current === text) return;
    told.current = text;
    const event = new CustomEvent(changedEvent, { bubbles: true, detail: settings });
    element.current?.dispatchEvent(event);
  }, [text]);
}

function fragment<S extends object>(kind: Kind<S>, settings: S): string {
  return `#${kind.name}=${encodeURIComponent(JSON.stringify(kind.told(settings)))}`;
}

/** halfSquaredError → half squared error; V01 keeps its name. */
function words(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A message of the library's, which is written for code, as a page says it: names in words, as the fields call them. */
function inWords(message: string): string {
  const said = message
    .replace(/\b[a-z]+(?:[A-Z][a-z]*)+\b/g, words)
    .replace(/\bNaN was given/, "no number was given");
  return said.charAt(0).toUpperCase() + said.slice(1);
}

/** A view, or why there is none. */
export function tryView<V>(make: () => V): { view?: V; problem?: string } {
  try {
    return { view: make() };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
