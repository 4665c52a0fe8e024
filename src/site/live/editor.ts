/// <reference lib="dom" />
/** The editor of a cell or of a source file: CodeMirror, bundled into a script that a page loads at the first touch. */
import {
  acceptCompletion,
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentLess,
  indentMore,
} from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  ensureSyntaxTree,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, hoverTooltip, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { parts } from "./scripts";

export interface EditorOptions {
  source: string;
  /** What those hear who do not see it. */
  label: string;
  /** The id of the element that says how to leave it. */
  describedBy: string;
  /** Whether long lines are broken; otherwise they scroll. */
  wraps: boolean;
  changed(source: string): void;
  focused(): void;
  /** Shift+Enter, Ctrl+Enter: whether the reader wants to go on to the next cell. */
  run?(goOn: boolean): void;
  /** What can stand here; undefined as long as nobody knows. */
  complete?(
    source: string,
    cursor: number,
  ): Promise<{ matches: string[]; from: number; to: number } | undefined>;
  inspect?(source: string, cursor: number): Promise<string | undefined>;
}

export interface Editor {
  readonly element: HTMLElement;
  /** @param at where the reader pointed, in the window */
  focus(at?: { x: number; y: number }): void;
  blur(): void;
  /** Puts another source in, as an edit that can be undone. */
  set(source: string): void;
  /** Whether the code is whole, by its grammar alone. */
  parses(): boolean;
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.typeName, tags.self], color: "var(--blue)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--orange)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--green)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--wash)", color: "var(--ink)", fontSize: "0.875rem" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    lineHeight: "1.55",
    padding: "calc(0.75rem - 1px) 0",
  },
  ".cm-content": { padding: "0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 calc(var(--out) - 1px)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)", borderLeftWidth: "2px" },
  "&.cm-focused": { outline: "none" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--selection)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--soft)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--paper)",
    color: "var(--ink)",
    border: "1px solid var(--soft)",
    borderRadius: "6px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "4px 10px", lineHeight: "1.4" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    background: "var(--blue)",
    color: "var(--paper)",
  },
  ".cm-hover": {
    margin: "0",
    padding: "8px 12px",
    maxWidth: "min(40rem, 90vw)",
    maxHeight: "14rem",
    overflow: "auto",
    whiteSpace: "pre-wrap",
    fontSize: "0.82rem",
  },
});

export function createEditor(options: EditorOptions): Editor {
  const { source, label, describedBy, changed, focused, run, complete, inspect } = options;

  async function candidates(context: CompletionContext): Promise<CompletionResult | null> {
    if (!complete || (!context.explicit && !context.matchBefore(/[\w$.]$/))) return null;
    const found = await complete(context.state.doc.toString(), context.pos);
    if (!found || context.aborted || found.matches.length === 0) return null;
    return {
      from: found.from,
      to: found.to,
      options: found.matches.slice(0, 300).map((match) => ({ label: match })),
      validFor: /^[\w$]*$/,
    };
  }

  const view = new EditorView({
    state: EditorState.create({
      doc: source,
      extensions: [
        Prec.highest(
          keymap.of([
            { key: "Shift-Enter", run: () => asked(true) },
            { key: "Mod-Enter", run: () => asked(false) },
            // Escape, then Tab, leaves the editor, however long that takes; the next letter typed ends it.
            {
              key: "Escape",
              run: (view) => {
                if (completionStatus(view.state) === null) view.setTabFocusMode(true);
                return false;
              },
            },
            {
              key: "Tab",
              run: (view) => acceptCompletion(view) || indentMore(view),
              shift: indentLess,
            },
          ]),
        ),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        EditorState.tabSize.of(2),
        syntaxHighlighting(colours),
        javascript({ typescript: true }),
        options.wraps ? EditorView.lineWrapping : [],
        look,
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy }),
        autocompletion({ override: [candidates], icons: false }),
        hoverTooltip(async (view, pos) => {
          const text = await inspect?.(view.state.doc.toString(), pos);
          if (!text) return null;
          const dom = document.createElement("pre");
          dom.className = "cm-hover";
          dom.textContent = text;
          return { pos, create: () => ({ dom }) };
        }),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            update.view.setTabFocusMode(false);
            changed(update.state.doc.toString());
          }
          if (!update.focusChanged) return;
          if (update.view.hasFocus) focused();
          else update.view.setTabFocusMode(false);
        }),
      ],
    }),
  });

  function asked(goOn: boolean): boolean {
    run?.(goOn);
    return run !== undefined;
  }

  return {
    element: view.dom,
    focus(at) {
      view.focus();
      const anchor = at && view.posAtCoords(at);
      if (typeof anchor === "number") view.dispatch({ selection: { anchor } });
    },
    blur: () => view.contentDOM.blur(),
    set(text) {
      const { doc } = view.state;
      if (doc.toString() === text) return;
      view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
    },
    parses() {
      let isWhole = true;
      const { state } = view;
      const tree = ensureSyntaxTree(state, state.doc.length, 100) ?? syntaxTree(state);
      tree.iterate({
        enter: ({ type }) => {
          if (type.isError) isWhole = false;
          return isWhole;
        },
      });
      return isWhole;
    },
  };
}

parts().createEditor = createEditor;
