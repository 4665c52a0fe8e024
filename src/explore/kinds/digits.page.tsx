/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { norm } from "../../arithmetic";
import { Button, Choice, Controls, Layout, PictureBox, useLook, useSettings } from "../page/frame";
import { exampleDigits, frame, type Stroke } from "../strokes";
import { type DigitsSettings, kind, paper } from "./digits";

export { kind };

/** Points of a stroke lie at least so far apart: a slow hand would leave thousands. */
const apart = 0.6;
/** How far an arrow key moves the pen. */
const stride = 1;
const arrows: Record<string, readonly [number, number]> = {
  ArrowLeft: [-stride, 0],
  ArrowRight: [stride, 0],
  ArrowUp: [0, -stride],
  ArrowDown: [0, stride],
};

export function Page({ start }: { start: DigitsSettings }) {
  const alive = useSettings(kind, start, kind.view);
  const { settings, act } = alive;
  const { isNarrow } = useLook();
  const [pen, setPen] = useState({ x: frame / 2, y: frame / 2, isDown: false });
  const [usesKeys, useKeys] = useState(false);
  const { strokes, fit } = settings;
  const draw = (next: readonly Stroke[]) => act({ strokes: next });
  /** Another drawing: the pen is lifted, so that it does not go on where the last one was. */
  const replace = (next: readonly Stroke[]) => {
    setPen((now) => ({ ...now, isDown: false }));
    draw(next);
  };
  const goOn = (x: number, y: number) => {
    const last = strokes[strokes.length - 1];
    if (last) draw([...strokes.slice(0, -1), [...last, x, y]]);
    else draw([[x, y]]);
  };

  const point = (px: number, py: number, { type }: PointerEvent) => {
    const [x, y] = [px - paper.left, py - paper.top].map((at) => toFrame(at / paper.size));
    const isInside = [px - paper.left, py - paper.top].every((at) => at >= 0 && at <= paper.size);
    useKeys(false);
    if (type === "pointerdown") {
      setPen({ x, y, isDown: isInside });
      if (isInside) draw([...strokes, [x, y]]);
    } else if (pen.isDown && norm([x - pen.x, y - pen.y]) >= apart) {
      setPen({ x, y, isDown: true });
      goOn(x, y);
    }
  };
  const press = (event: KeyboardEvent) => {
    // With these the browser's own shortcuts begin.
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const isDown = usesKeys && pen.isDown;
    if (event.key in arrows) {
      const [dx, dy] = arrows[event.key];
      const [x, y] = [toFrame((pen.x + dx) / frame), toFrame((pen.y + dy) / frame)];
      setPen({ x, y, isDown });
      if (isDown) goOn(x, y);
    } else if (event.key === " ") {
      if (!event.repeat) {
        setPen({ ...pen, isDown: !isDown });
        if (!isDown) draw([...strokes, [pen.x, pen.y]]);
      }
    } else return;
    useKeys(true);
    event.preventDefault();
  };

  const example = exampleDigits.findIndex((one) => same(one, strokes));
  const controls = (
    <Controls name="The drawing">
      <Choice
        label="start from"
        value={String(example)}
        choices={{
          "-1": "my own",
          ...Object.fromEntries(exampleDigits.map((_, k) => [`${k}`, `an example of ${k}`])),
        }}
        set={(name) => replace(exampleDigits[Number(name)] ?? [])}
      />
      <Choice
        label="size and place"
        value={String(fit)}
        choices={{ true: "as large as the data’s", false: "as drawn" }}
        set={(name) => act({ fit: name === "true" })}
      />
    </Controls>
  );
  return (
    <Layout kind={kind} alive={alive} controls={controls}>
      {(view) => {
        const picture = isNarrow ? view.compact() : view.picture;
        return (
          <>
            <div class="buttons">
              <Button press={() => replace(strokes.slice(0, -1))} disabled={strokes.length === 0}>
                Undo the last stroke
              </Button>
              <Button press={() => replace([])} disabled={strokes.length === 0}>
                Clear
              </Button>
              <span role="status">{view.reading}</span>
            </div>
            <div
              class="pad drawn"
              role="application"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys it names
              tabIndex={0}
              aria-label="Paper: arrow keys move the pen, Space sets it down and lifts it"
              onKeyDown={press}
            >
              <PictureBox picture={picture} alt={view.alt} onPointer={point} />
              {usesKeys && (
                <span
                  class={pen.isDown ? "pen down" : "pen"}
                  style={{
                    left: `${(100 * (paper.left + (pen.x / frame) * paper.size)) / picture.width}%`,
                    top: `${(100 * (paper.top + (pen.y / frame) * paper.size)) / picture.height}%`,
                  }}
                />
              )}
            </div>
            <p class="hint">
              Draw with the mouse or a finger. By keyboard: go to the paper with Tab; the arrow keys
              move the pen, Space sets it down and lifts it. Full squares are hidden units above 0,
              hollow ones (not with ReLU) below.
            </p>
          </>
        );
      }}
    </Layout>
  );
}

/** From a share of the paper's side to a coordinate on it, to a tenth. */
function toFrame(share: number): number {
  return Math.round(10 * frame * Math.max(0, Math.min(1, share))) / 10;
}

function same(one: readonly Stroke[], other: readonly Stroke[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
