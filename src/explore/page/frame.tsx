/// <reference lib="dom" />
/** What all explorables share in the page: settings that change, labelled controls, the picture, the numbers, the code. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Picture } from "../../show";
import { type Kind, tablesHtml, type View } from "../explorable";

/** An explorable as it stands in the page: its settings, and what it shows for them or why it cannot. */
interface Alive<S extends object, V> {
  settings: S;
  set: (settings: S) => void;
  change: (part: Partial<S>) => void;
  view?: V;
  problem?: string;
}

/** What every page begins with. `view` is asked only for settings that pass the kind's check. */
export function useSettings<S extends object, V extends View, W = V>(
  kind: Kind<S, V>,
  start: S,
  view: (settings: S) => W,
): Alive<S, W> {
  const [settings, set] = useState(start);
  const shown = tryView(() => {
    kind.check(settings);
    return view(settings);
  });
  return { settings, set, change: (part) => set((now) => ({ ...now, ...part })), ...shown };
}

/** The order of things: controls, then what is shown or what is wrong, then the settings as code. */
export function Layout<S extends object, V extends View>(props: {
  kind: Kind<S, V>;
  alive: Alive<S, V>;
  controls: ComponentChildren;
  children: (view: V) => ComponentChildren;
}) {
  const { settings, view, problem } = props.alive;
  return (
    <>
      {props.controls}
      {problem && <Problem message={problem} />}
      {view && props.children(view)}
      <Found kind={props.kind} settings={settings} />
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
  const id = useId();
  const { label, value, from, to, by, set, said } = props;
  return (
    <div class="control">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={Math.min(from, value)}
        max={Math.max(to, value)}
        step={by}
        value={value}
        aria-valuetext={said}
        onInput={(event) => set(Number(event.currentTarget.value))}
      />
      <output for={id}>{said ?? String(Number(value.toFixed(4))).replace("-", "−")}</output>
    </div>
  );
}

/** A number typed in; what is no number, or out of range, is left to the checks of the settings. */
export function NumberField(props: {
  label: string;
  value: number;
  from?: number;
  to?: number;
  by?: number;
  set: (value: number) => void;
}) {
  const id = useId();
  return (
    <div class="control">
      <label for={id}>{props.label}</label>
      <input
        id={id}
        type="number"
        min={props.from}
        max={props.to}
        step={props.by ?? "any"}
        value={props.value}
        onChange={(event) => {
          if (event.currentTarget.value !== "") props.set(Number(event.currentTarget.value));
        }}
      />
    </div>
  );
}

export function Choice(props: {
  label: string;
  value: string;
  /** The names, or names with what to call them. */
  choices: readonly string[] | Record<string, string>;
  set: (value: string) => void;
}) {
  const id = useId();
  const { label, value, choices, set } = props;
  const entries: [string, string][] = Array.isArray(choices)
    ? choices.map((name) => [name, words(name)])
    : Object.entries(choices as Record<string, string>);
  return (
    <div class="control">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => set(event.currentTarget.value)}>
        {entries.map(([name, text]) => (
          <option key={name} value={name} selected={name === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

export function Button(props: {
  children: ComponentChildren;
  press: () => void;
  disabled?: boolean;
}) {
  // A disabled button would lose the keyboard's focus: it stays, and does nothing.
  return (
    <button
      type="button"
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

/** An SVG picture that scales with the page. */
export function PictureBox(props: {
  picture: Picture;
  alt: string;
  onPointer?: (x: number, y: number, event: PointerEvent) => void;
}) {
  const { picture, alt, onPointer } = props;
  const report = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const scale = picture.width / box.width;
    onPointer?.((event.clientX - box.left) * scale, (event.clientY - box.top) * scale, event);
  };
  return (
    <div
      class={onPointer ? "picture draggable" : "picture"}
      style={{ maxWidth: `${picture.width}px` }}
      role="img"
      aria-label={alt}
      onPointerDown={(event) => {
        if (!onPointer) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        report(event);
      }}
      onPointerMove={(event) => event.buttons > 0 && report(event)}
      dangerouslySetInnerHTML={{ __html: picture.svg }}
    />
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

export function Problem({ message }: { message: string }) {
  return (
    <p class="problem" role="alert">
      <strong>This does not work: </strong>
      {message}
    </p>
  );
}

/** The settings as code for a cell, and in the web edition as a link. */
export function Found<S extends object>(props: { kind: Kind<S>; settings: S; more?: string }) {
  const { kind, settings, more } = props;
  const [said, say] = useState("");
  const details = useRef<HTMLDetailsElement>(null);
  useTold(details, settings);
  const code = `import * as explore from "./src/explore";\n\n${kind.code(settings)}\n${more ? `\n// The same with the library alone:\n${more}` : ""}`;
  const isSite = document.documentElement.dataset.backprop !== undefined;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      say("Copied.");
    } catch {
      say("The browser does not let us copy: mark the text and copy it yourself.");
    }
  };
  return (
    <details class="found" ref={details}>
      <summary>What did I find? These settings as code</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <pre tabIndex={0}>{code}</pre>
      <Button press={copy}>Copy</Button> <span role="status">{said}</span>
      {isSite && (
        <p>
          <a href={fragment(kind, settings)}>A link to this page with these settings</a>
        </p>
      )}
    </details>
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

/** A view, or why there is none. */
export function tryView<V>(make: () => V): { view?: V; problem?: string } {
  try {
    return { view: make() };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
