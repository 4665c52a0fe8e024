/// <reference lib="dom" />
/** The library beside the notebook: its sources can be read, and changed; what imports them uses the change. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageKernel } from "../../kernel/page/kernel";
import type { Editor } from "./editor";
import { Button } from "./live-cell";
import { loadScript, parts } from "./scripts";

export interface SourcesProps {
  /** The file that is open. */
  path: string;
  edits: Readonly<Record<string, string>>;
  start(): Promise<PageKernel>;
  open(path: string): void;
  close(): void;
  /** The reader has changed a file; undefined puts it back as it came. */
  change(path: string, text: string | undefined): void;
  /** How many outputs of the page follow no more. */
  stale: number;
  bringUpToDate(): void;
}

export function Sources(props: SourcesProps) {
  const { path, edits } = props;
  const [paths, setPaths] = useState<string[]>([]);
  const [trouble, setTrouble] = useState("");
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const title = useRef<HTMLHeadingElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const [said, say] = useState("Loading …");

  useEffect(() => {
    title.current?.focus();
    props
      .start()
      .then((kernel) => kernel.sources())
      .then((found) => setPaths([...found].sort()))
      .catch((error) => setTrouble(error.message));
  }, []);

  useEffect(() => {
    let isGone = false;
    say(`Loading ${path} …`);
    setTrouble("");
    const show = async () => {
      const kernel = await props.start();
      const [source] = await Promise.all([
        latest.current.edits[path] ?? kernel.readSource(path),
        loadScript("editor.js"),
      ]);
      const { createEditor } = parts();
      if (isGone || !createEditor || !place.current) return;
      editor.current = createEditor({
        source,
        label: `Source of ${path}`,
        describedBy: "how-to-leave",
        wraps: false,
        changed: (text) => latest.current.change(path, text),
        focused: () => {},
      });
      place.current.replaceChildren(editor.current.element);
      say("");
    };
    show().catch((error) => {
      if (!isGone) setTrouble(error.message);
    });
    return () => {
      isGone = true;
    };
  }, [path]);

  const reset = async () => {
    props.change(path, undefined);
    const kernel = await props.start();
    editor.current?.set(await kernel.readSource(path));
    // Putting the text in counted as an edit like any other.
    props.change(path, undefined);
  };

  const all = paths.includes(path) ? paths : [path, ...paths];
  return (
    <aside class="sources" aria-labelledby="sources-title">
      <header>
        <h2 id="sources-title" tabIndex={-1} ref={title}>
          Library sources
        </h2>
        <Button press={props.close}>Close</Button>
      </header>
      <label>
        File{" "}
        <select value={path} onChange={(event) => props.open(event.currentTarget.value)}>
          {all.map((one) => (
            <option key={one} value={one} selected={one === path}>
              {one}
              {edits[one] === undefined ? "" : " (changed)"}
            </option>
          ))}
        </select>
      </label>
      {trouble && (
        <p role="alert" class="trouble">
          <strong>This file cannot be shown: </strong>
          {trouble}
        </p>
      )}
      {said && !trouble && <p>{said}</p>}
      <div class="source" ref={place} />
      <div class="bar">
        <Button off={edits[path] === undefined} press={() => void reset()}>
          Reset this file
        </Button>
        {props.stale > 0 && (
          <Button press={props.bringUpToDate}>Bring the notebook up to date</Button>
        )}
        <span class="state">
          {edits[path] === undefined
            ? "As the course has it. A change is used when a cell's import runs again."
            : "Changed by you, and kept in this browser. Cells use it when their import runs again."}
        </span>
      </div>
    </aside>
  );
}
