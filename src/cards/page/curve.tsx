/// <reference lib="dom" />
/** A curve that is drawn by hand over empty axes, by pointer or by keyboard, and then shown with the right one. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type Chart, drawCharts, scaleOf } from "../../explore/chart";
import { formatNumber, palette } from "../../show";
import type { CurveAsked } from "../card";

/** Places along x at which a drawn curve has a height; between them it is straight. */
export const places = 25;
/** Of the chart, in pixels. */
const widest = 560;
/** Of the height of the axes, what an arrow key moves. */
const stride = 1 / 40;

/** The heights at all places: what lies before, between and behind those that were drawn goes on level or straight. */
export function completed(drawn: ReadonlyMap<number, number>): number[] {
  const known = [...drawn.keys()].sort((a, b) => a - b);
  return Array.from({ length: places }, (_, place) => {
    const before = known.filter((one) => one <= place).pop() ?? known[0];
    const after = known.find((one) => one >= place) ?? known[known.length - 1];
    const [low, high] = [drawn.get(before) ?? 0, drawn.get(after) ?? 0];
    return before === after ? low : low + ((place - before) / (after - before)) * (high - low);
  });
}

export function Curve(props: {
  asked: CurveAsked;
  /** The heights at all places; empty as long as nothing is drawn. */
  drawn: readonly number[];
  set(drawn: readonly number[]): void;
  /** Whether the right curve is shown with it. */
  isDone: boolean;
}) {
  const { asked, drawn, set, isDone } = props;
  const [place, setPlace] = useState(0);
  const [usesKeys, useKeys] = useState(false);
  const pad = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(widest);
  // On a phone the chart is drawn as wide as the pad is: made smaller, its letters could not be read.
  useLayoutEffect(() => {
    const element = pad.current as HTMLDivElement;
    const measure = () =>
      element.clientWidth > 0 && setWidth(Math.min(widest, element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  /** What the pen has touched: the rest follows from it. */
  const touched = useRef(new Map(drawn.map((y, n) => [n, y])));
  const lastPoint = useRef<readonly [place: number, y: number] | undefined>(undefined);
  const [fromX, toX] = asked.x;
  const [fromY, toY] = asked.y;
  const xOf = (n: number) => fromX + (n / (places - 1)) * (toX - fromX);
  const within = (y: number) => Math.max(fromY, Math.min(toY, y));

  const mine = {
    x: drawn.map((_, n) => xOf(n)),
    y: drawn,
    name: "your guess",
    color: palette[1],
    dash: "7 5",
    width: 2.5,
  };
  const right = {
    x: asked.of.map((_, n) => fromX + (n / (asked.of.length - 1)) * (toX - fromX)),
    y: asked.of,
    name: "what came out",
    color: palette[0],
    width: 2.5,
  };
  const chart: Chart = {
    ...{ width, height: width < widest ? 260 : 320, title: "" },
    x: { title: asked.xTitle, from: fromX, to: toX },
    y: { title: asked.yTitle, from: fromY, to: toY },
    // The legend stands from the start, so that nothing moves.
    curves: isDone ? [right, mine] : [mine],
    marks: usesKeys
      ? [
          {
            x: xOf(place),
            y: drawn[place] ?? (fromY + toY) / 2,
            color: "#FFD54A",
            symbol: "circle",
          },
        ]
      : [],
  };
  const picture = drawCharts([chart]);
  const scale = scaleOf(chart);

  function put(points: readonly (readonly [place: number, y: number])[]): void {
    for (const [at, y] of points) touched.current.set(at, Number(within(y).toPrecision(6)));
    set(completed(touched.current));
  }

  function point(event: PointerEvent, isFirst: boolean): void {
    if (isDone) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const factor = picture.width / box.width;
    const at = (scale.atX((event.clientX - box.left) * factor) - fromX) / (toX - fromX);
    const exact = Math.max(0, Math.min(1, at)) * (places - 1);
    const y = scale.atY((event.clientY - box.top) * factor);
    const before = isFirst ? undefined : lastPoint.current;
    lastPoint.current = [exact, y];
    useKeys(false);
    setPlace(Math.round(exact));
    // A fast hand leaves places out between two events: the line between the two goes through them.
    const [from, fromHeight] = before ?? [exact, y];
    const points: [number, number][] = [];
    for (let n = Math.ceil(Math.min(from, exact)); n <= Math.max(from, exact); n++)
      points.push([
        n,
        fromHeight + (exact === from ? 1 : (n - from) / (exact - from)) * (y - fromHeight),
      ]);
    put(points.length > 0 || before ? points : [[Math.round(exact), y]]);
  }

  function press(event: KeyboardEvent): void {
    if (isDone || event.altKey || event.ctrlKey || event.metaKey) return;
    const here = drawn[place] ?? (fromY + toY) / 2;
    const step = stride * (toY - fromY) * (event.shiftKey ? 4 : 1);
    const moves: Record<string, () => void> = {
      ArrowLeft: () => setPlace(Math.max(0, place - 1)),
      ArrowRight: () => setPlace(Math.min(places - 1, place + 1)),
      Home: () => setPlace(0),
      End: () => setPlace(places - 1),
      ArrowUp: () => put([[place, here + step]]),
      ArrowDown: () => put([[place, here - step]]),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    useKeys(true);
    move();
  }

  const at = `${asked.xTitle} ${formatNumber(xOf(place), 3)}`;
  const height = drawn[place];
  const said =
    height === undefined
      ? `${at}: nothing drawn`
      : `${at}: ${asked.yTitle} ${formatNumber(height, 3)}`;
  return (
    <>
      <p class="small">
        Draw with the mouse or a finger. By keyboard: left and right go along, up and down set the
        height there (with Shift, faster).
      </p>
      <div
        ref={pad}
        class={isDone ? "pad done" : "pad"}
        role="slider"
        tabIndex={0}
        aria-label={`Your curve of ${asked.yTitle} over ${asked.xTitle}`}
        aria-orientation="vertical"
        aria-valuemin={fromY}
        aria-valuemax={toY}
        aria-valuenow={height ?? fromY}
        aria-valuetext={said}
        aria-readonly={isDone}
        onKeyDown={press}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          point(event, true);
        }}
        onPointerMove={(event) => event.buttons > 0 && point(event, false)}
        dangerouslySetInnerHTML={{ __html: picture.svg }}
      />
      {!isDone && (
        <div class="row">
          <button
            type="button"
            onClick={() => {
              touched.current.clear();
              set([]);
            }}
          >
            Clear
          </button>
          <span class="small">{usesKeys ? said : ""}</span>
        </div>
      )}
    </>
  );
}
