/// <reference lib="dom" />
/** A field for an answer in words, and below it the answer as it will be read. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { inBoxes } from "../output-html";
import { loadScript, parts } from "./scripts";

/** How long the student has to pause before formulas are set, in milliseconds. */
const pause = 200;

export class WordsField {
  readonly id: string;
  readonly element: HTMLElement;
  readonly #label: string;
  readonly #changed: (text: string) => void;
  #text: string;

  /**
   * @param element the answer as it was released, which makes way
   * @param label what it answers
   * @param changed is called with what the student has typed
   */
  constructor(
    element: HTMLElement,
    label: string,
    text: string,
    changed: (id: string, text: string) => void,
  ) {
    this.id = element.dataset.answer ?? "";
    this.element = element;
    element.id ||= `answer-${this.id}`;
    this.#label = label;
    this.#text = text;
    this.#changed = (text) => {
      this.#text = text;
      changed(this.id, text);
      this.#draw();
    };
    element.replaceChildren();
    this.#draw();
  }

  /** Gives it another text, by a reset or from a file. */
  set(text: string): void {
    if (text !== this.#text) this.#changed(text);
  }

  #draw(): void {
    render(<Field label={this.#label} text={this.#text} changed={this.#changed} />, this.element);
  }
}

function Field(props: { label: string; text: string; changed: (text: string) => void }) {
  const { label, text, changed } = props;
  const [html, setHtml] = useState("");
  useEffect(() => {
    let isGone = false;
    const timer = setTimeout(async () => {
      await loadScript("answer-html.js").catch(() => {}); // without it the text stands in its field alone
      if (!isGone) setHtml(text.trim() ? inBoxes(parts().answerHtml?.(text) ?? "") : "");
    }, pause);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [text]);
  return (
    <>
      <label>
        <span>Your answer: {label}</span>
        <textarea
          rows={7}
          value={text}
          onInput={(event) => changed(event.currentTarget.value)}
          spellcheck
        />
      </label>
      <p class="soft ui">
        Formulas stand between dollar signs, as in <code>$\delta_j = \tfrac12 w^2$</code>; an empty
        line begins a paragraph.
      </p>
      {html && (
        <section aria-label="Your answer as it will be read" class="as-read">
          <p class="ui soft">As it will be read:</p>
          {/* Made of Markdown without HTML: what stands in it is text. */}
          <div class="prose" dangerouslySetInnerHTML={{ __html: html }} />
        </section>
      )}
    </>
  );
}
