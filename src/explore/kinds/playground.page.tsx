/// <reference lib="dom" />
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { norm } from "../../arithmetic";
import { activations, losses, weightName } from "../../nn";
import { drawNetwork } from "../../show";
import { optimisers } from "../../training";
import { drawCharts, scaleOf } from "../chart";
import { gallery, isOfGallery } from "../gallery";
import {
  Button,
  Choice,
  Controls,
  Copied,
  FileField,
  Layout,
  NumberField,
  Numbers,
  PictureBox,
  Problem,
  Slider,
  TextField,
  useLook,
  useSettings,
} from "../page/frame";
import { LearningRate, Seed } from "../page/network-controls";
import { mostPoints, type Point, readPoints, writePoints } from "../points";
import { elementwiseNames, initialisations, oneOutputLosses } from "../settings";
import {
  classCount,
  classMark,
  classOf,
  costChart,
  hiddenOf,
  kind,
  outputChart,
  outputColours,
  outputNames,
  ownData,
  ownReach,
  PlaygroundRun,
  type PlaygroundSettings,
  playgroundData,
  runJson,
  Surfaces,
  sampleMarks,
  statusRow,
  surfaceWords,
  tellStep,
  tellWeight,
  trainingCode,
  truthRows,
  unitColours,
} from "./playground";

export { kind };

/** A frame of 60 in a second has 16 ms: training takes this much, surfaces that, the browser the rest. */
const trainingMilliseconds = 7;
const surfaceMilliseconds = 3;
/** How often numbers, curves and the diagram are drawn again, and surfaces painted at the most. */
const refreshMilliseconds = 250;
const calmMilliseconds = 1000;
const side = 44;
const mostUnits = 24;

/** How fast it goes: a step a second, told in numbers, or so many epochs for each frame. */
const speeds = [
  { said: "one step a second", epochs: 0 },
  { said: "1 epoch a frame", epochs: 1 },
  { said: "10 epochs a frame", epochs: 10 },
  { said: "100 epochs a frame", epochs: 100 },
  { said: "1,000 epochs a frame", epochs: 1000 },
  { said: "as many as fit", epochs: Infinity },
];

/** Points of a stroke lie at least so far apart, in shares of the picture. */
const apart = 0.06;

interface Made {
  settings: PlaygroundSettings;
  run: PlaygroundRun;
  surfaces: Surfaces;
}

export function Page({ start }: { start: PlaygroundSettings }) {
  const made = useRef<Made>(undefined);
  // What is seen is a run that goes on: it belongs to its settings, and others begin a new one.
  const alive = useSettings(kind, start, (settings): Made => {
    if (made.current?.settings !== settings) {
      const run = new PlaygroundRun(settings);
      run.advance(settings.epochs);
      made.current = { settings, run, surfaces: new Surfaces(run, side, mostUnits) };
    }
    return made.current;
  });
  const { settings, problem, view: current } = alive;
  const { isBare } = useLook();
  const id = useId();
  const [speed, setSpeed] = useState(2);
  const [playing, setPlaying] = useState(false);
  const [, redraw] = useState(0);
  const [told, tell] = useState<ReturnType<typeof tellStep>>();
  const [weight, lookAt] = useState(0);
  const [drawnClass, drawClass] = useState(0);
  const [isSaving, save] = useState(false);
  const pointed = useRef<{ x: number; y: number }>(undefined);
  const canvases = useRef(new Map<string, HTMLCanvasElement>());
  const box = useRef<HTMLDivElement>(null);

  const change = (part: Partial<PlaygroundSettings>) => {
    setPlaying(false);
    tell(undefined);
    alive.set(withOutputs({ ...settings, epochs: 0, ...part }));
  };
  const paint = () => {
    if (!made.current) return;
    const { surfaces, run } = made.current;
    const put = (name: string, colours: Uint8ClampedArray) =>
      canvases.current
        .get(name)
        ?.getContext("2d")
        ?.putImageData(new ImageData(colours as Uint8ClampedArray<ArrayBuffer>, side, side), 0, 0);
    const outputs = outputNames(run);
    put("output", outputColours(run, surfaces));
    for (const [name, values] of surfaces.values)
      if (!outputs.includes(name)) put(name, unitColours(run, name, values, side));
  };
  const finish = () => {
    if (!made.current) return;
    while (!made.current.surfaces.sweep(Infinity));
    paint();
    redraw((n) => n + 1);
  };
  useEffect(finish, [current?.run]);

  useEffect(() => {
    if (!playing) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const every = calm ? calmMilliseconds : refreshMilliseconds;
    let frame = 0;
    let refreshed = 0;
    let stepped = 0;
    const next = (now: number) => {
      if (!made.current) return;
      // Its cell was run again, or is gone: nobody else would end the training.
      if (!box.current?.isConnected) return setPlaying(false);
      const { run, surfaces } = made.current;
      const begin = performance.now();
      const { epochs } = speeds[speed];
      if (epochs === 0) {
        if (now - stepped >= 1000) {
          stepped = now;
          tell(tellStep(run));
          finish();
        }
      } else {
        run.advanceWithin(epochs, begin + trainingMilliseconds);
        if (
          surfaces.sweep(performance.now() + surfaceMilliseconds) &&
          (!calm || now - refreshed >= every)
        )
          paint();
        if (now - refreshed >= every) {
          refreshed = now;
          redraw((n) => n + 1);
        }
      }
      if (run.fault) {
        setPlaying(false);
        finish();
      } else frame = requestAnimationFrame(next);
    };
    frame = requestAnimationFrame(next);
    return () => {
      cancelAnimationFrame(frame);
      finish();
    };
  }, [playing, speed]);

  if (!current) return <Problem message={problem ?? ""} />;
  const { run, surfaces } = current;
  const isOwn = settings.data === ownData;
  // Points that do not do as samples yet are seen all the same: one begins with the first.
  const pending = isOwn && problem ? settings.points : undefined;
  const frameOfSurface = outputChart(
    run,
    { width: 340, height: 320 },
    "none",
    pending
      ? pending.map(([x, y, one]) => classMark(x, y, one))
      : [...sampleMarks(run.train, 400), ...sampleMarks(run.test, 400, true)],
  );
  const area = scaleOf(frameOfSurface);
  const canvasFor = (name: string) => (canvas: HTMLCanvasElement | null) => {
    if (canvas) canvases.current.set(name, canvas);
    else canvases.current.delete(name);
  };
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  const outputs = outputNames(run);
  const hidden = [...surfaces.values.keys()].filter((name) => !outputs.includes(name));
  const allHidden = run.settings.layers.reduce((sum, units) => sum + units, 0);
  const truth = truthRows(run);
  const index = Math.min(weight, run.network.weights.length - 1);
  const lookedAt = weightName(run.network, index);
  const diagram = drawNetwork(run.network, {
    title: "The weights",
    linesOf: () => [],
    labelOf: () => undefined,
    lit: new Set([lookedAt]),
    compact: true,
    pointed: true,
  });
  const pointAt = ({ target, clientX, clientY }: PointerEvent) => {
    const name = (target as SVGElement).dataset.weight;
    // A picture drawn anew under a pointer that rests is no wish for another weight.
    const isAtRest = pointed.current?.x === clientX && pointed.current.y === clientY;
    if (name === undefined || isAtRest) return;
    pointed.current = { x: clientX, y: clientY };
    const found = Array.from(run.network.weights, (_, w) => w).find(
      (w) => weightName(run.network, w) === name,
    );
    lookAt(found ?? index);
  };
  const press = (act: () => void) => () => {
    setPlaying(false);
    act();
    finish();
  };
  const draw = (px: number, py: number, { type }: PointerEvent) => {
    const { points } = settings;
    const reach = ownReach(points).points;
    const [x, y] = [area.atX(px), area.atY(py)].map((at) =>
      rounded(Math.max(-reach, Math.min(reach, at))),
    );
    const [lastX, lastY] = points[points.length - 1] ?? [];
    const isNear = type !== "pointerdown" && norm([x - lastX, y - lastY]) < apart * 2 * reach;
    if (!isNear && points.length < mostPoints) change({ points: [...points, [x, y, drawnClass]] });
  };

  const seen = (
    <>
      <div class="buttons">
        <Button press={() => setPlaying(!playing)} disabled={Boolean(run.fault || problem)} isMain>
          {playing ? "Pause" : "Play"}
        </Button>
        <Button press={press(() => tell(tellStep(run)))}>One step</Button>
        <Button press={press(() => run.advance(1))}>One epoch</Button>
        <Button press={() => change({})}>Reset</Button>
        <Slider
          label="speed"
          value={speed}
          from={0}
          to={speeds.length - 1}
          by={1}
          said={speeds[speed].said}
          set={setSpeed}
        />
      </div>
      {run.fault && <Problem message={run.fault} />}
      <div class="panes" ref={box}>
        <div class={isOwn ? "surface drawn" : "surface"} style={{ maxWidth: "340px" }}>
          <canvas
            ref={canvasFor("output")}
            width={side}
            height={side}
            style={{
              position: "absolute",
              left: percent(area.left, frameOfSurface.width),
              top: percent(area.top, frameOfSurface.height),
              width: percent(area.width, frameOfSurface.width),
              height: percent(area.height, frameOfSurface.height),
            }}
          />
          <PictureBox
            picture={drawCharts([frameOfSurface], "none", `${id}-output-`)}
            alt={`The playground shows ${surfaceWords(run)}; white marks are test samples.`}
            onPointer={isOwn ? draw : undefined}
          />
        </div>
        <PictureBox
          picture={drawCharts([costChart(run)], undefined, `${id}-cost-`)}
          alt="The cost as training goes on; the numbers stand below."
        />
        <div class="weights" onPointerMove={pointAt} onPointerDown={pointAt}>
          {/* Of many layers the names could not be read in a narrow place: there the picture scrolls. */}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
          <section class="wide" tabIndex={0} aria-label="The network and its weights">
            <PictureBox
              picture={diagram}
              alt="The network: links are wider the larger the weight, and dashed orange below 0."
              leastShare={0.7}
            />
          </section>
          <Slider
            label="weight"
            value={index}
            from={0}
            to={run.network.weights.length - 1}
            by={1}
            said={lookedAt}
            set={lookAt}
          />
          <p class="hint">{tellWeight(run, index)}</p>
        </div>
      </div>
      {hidden.length > 0 && (
        <section class="units" aria-label="What each hidden unit makes of the inputs">
          {hidden.map((name) => (
            <figure key={name}>
              <canvas
                ref={canvasFor(name)}
                width={side}
                height={side}
                role="img"
                aria-label={`The activation of ${name} over the inputs`}
              />
              <figcaption>{name}</figcaption>
            </figure>
          ))}
          {allHidden > hidden.length && <p>… and {allHidden - hidden.length} more hidden units</p>}
        </section>
      )}
      <Numbers
        view={{
          title: "",
          alt: "",
          picture: diagram,
          tables: [
            { caption: "Where it stands", rows: [statusRow(run)] },
            ...(told ? [{ caption: "The last step", rows: [told], digits: 4 }] : []),
            ...(truth.length > 0 ? [{ caption: "Truth table", rows: truth, digits: 4 }] : []),
          ],
        }}
      />
      <p class="hint">
        Left you see {surfaceWords(run)}. White marks are test samples. Point at a link, or move the
        slider below, to read its weight. A change of a setting starts afresh.
      </p>
    </>
  );
  const shown = { ...run.settings, epochs: run.epoch };
  return (
    <Layout
      kind={kind}
      alive={{ ...alive, seen: shown, view: { title: "", alt: "", picture: diagram, tables: [] } }}
      controls={
        <>
          <Settings settings={settings} change={change} run={run} />
          {isOwn && (
            <OwnPoints
              points={settings.points}
              change={(points) => change({ points })}
              drawnClass={drawnClass}
              drawClass={drawClass}
            />
          )}
        </>
      }
      hasNumbers
      code={trainingCode(run)}
      after={
        !isBare && (
          <details
            class="found"
            open={isSaving}
            onToggle={({ currentTarget: { open } }) => save(open)}
          >
            <summary>Settings and weights as JSON</summary>
            <p class="hint">
              <code>createNetwork(saved.network)</code> is this network, and{" "}
              <code>explore.playground(saved.settings)</code> trains it again.
            </p>
            {isSaving && <TextField label="settings and weights" value={runJson(run)} />}
            <Copied text={() => runJson(run)} file="network.json" />
          </details>
        )
      }
    >
      {() => seen}
    </Layout>
  );
}

/** The settings with an output and a loss that suit the number of classes. */
function withOutputs(settings: PlaygroundSettings): PlaygroundSettings {
  const isTwo = classCount(settings) === 2;
  const { output, loss } = settings;
  if (isTwo && !(elementwiseNames.includes(output) && oneOutputLosses.includes(loss)))
    return { ...settings, output: "sigmoid", loss: "binaryCrossEntropy" };
  if (!isTwo && output === "sigmoid" && loss === "binaryCrossEntropy")
    return { ...settings, output: "softmax", loss: "crossEntropy" };
  return settings;
}

/** Points of the reader's own: drawn, typed or pasted, or from a file. */
function OwnPoints(props: {
  points: readonly Point[];
  change: (points: readonly Point[]) => void;
  drawnClass: number;
  drawClass: (one: number) => void;
}) {
  const { points, change, drawnClass, drawClass } = props;
  // What could not be read stays as it was typed.
  const [unread, keep] = useState<{ text: string; problem: string }>();
  const read = (text: string) => {
    try {
      change(readPoints(text));
      keep(undefined);
    } catch (error) {
      keep({ text, problem: (error as Error).message });
    }
  };
  const replace = (next: readonly Point[]) => {
    keep(undefined);
    change(next);
  };
  return (
    <Controls name="Your points">
      <Choice
        label="draw with the pointer"
        value={String(drawnClass)}
        choices={{ 0: "● class 0", 1: "■ class 1", 2: "◆ class 2" }}
        set={(name) => drawClass(Number(name))}
      />
      <Button press={() => replace(points.slice(0, -1))} disabled={points.length === 0}>
        Undo the last point
      </Button>
      <Button press={() => replace([])} disabled={points.length === 0}>
        Clear
      </Button>
      <FileField label="from a CSV file" accept=".csv,.tsv,.txt,text/*" set={read} />
      <TextField
        label="typed or pasted, a point a line: X1, X2, class"
        value={unread?.text ?? writePoints(points)}
        set={read}
      />
      {unread && <Problem message={unread.problem} isKept />}
    </Controls>
  );
}

function Settings(props: {
  settings: PlaygroundSettings;
  change: (part: Partial<PlaygroundSettings>) => void;
  run: PlaygroundRun;
}) {
  const { settings, change, run } = props;
  const { data, layers } = settings;
  const isTwo = classCount(settings) === 2;
  const hidden = hiddenOf(settings);
  const found = gallery.findIndex((one) => isOfGallery(settings, one));
  const changeLayers = (next: readonly number[], names: readonly string[]) => {
    const isOne = names.every((name) => name === names[0]);
    change({ layers: next, hidden: isOne ? (names[0] ?? "tanh") : names });
  };
  return (
    <>
      <Controls name="Gallery: five settings that succeed, five that fail">
        <Choice
          label="show"
          value={String(found)}
          choices={{
            "-1": "my own settings",
            ...Object.fromEntries(
              gallery.map(({ name, succeeds }, n) => [n, `${succeeds ? "✓" : "✗"} ${name}`]),
            ),
          }}
          set={(name) => change(gallery[Number(name)]?.settings ?? {})}
        />
        {found >= 0 && <p class="hint">{gallery[found].why}</p>}
      </Controls>
      <Controls name="Data">
        <Choice
          label="data"
          value={data}
          choices={{
            ...Object.fromEntries(
              Object.entries(playgroundData).map(([name, { said }]) => [name, said]),
            ),
            [ownData]: "your own points",
          }}
          set={(name) => change(ofData(name, settings, run))}
        />
        {data !== ownData && (
          <>
            <NumberField
              label="samples"
              value={settings.samples}
              from={2}
              to={5000}
              by={1}
              set={(samples) => change({ samples })}
            />
            <Slider
              label="noise"
              value={settings.noise}
              from={0}
              to={0.5}
              by={0.01}
              set={(noise) => change({ noise })}
            />
          </>
        )}
        <Slider
          label="test share"
          value={settings.testShare}
          from={0}
          to={0.8}
          by={0.05}
          set={(testShare) => change({ testShare })}
        />
      </Controls>
      <Controls name="Network">
        <Slider
          label="hidden layers"
          value={layers.length}
          from={0}
          to={4}
          by={1}
          set={(count) => {
            const places = Array.from({ length: count }, (_, n) => n);
            changeLayers(
              places.map((n) => layers[n] ?? 3),
              places.map((n) => hidden[n] ?? hidden[hidden.length - 1] ?? "tanh"),
            );
          }}
        />
        {layers.map((units, n) => (
          <NumberField
            key={`units ${n}`}
            label={`units in layer ${n + 1}`}
            value={units}
            from={1}
            to={256}
            by={1}
            set={(value) => change({ layers: replaced(layers, n, value) })}
          />
        ))}
        {hidden.map((name, n) => (
          <Choice
            key={`activation ${n}`}
            label={`activation in layer ${n + 1}`}
            value={name}
            choices={elementwiseNames}
            set={(value) => changeLayers(layers, replaced(hidden, n, value))}
          />
        ))}
        <Choice
          label="output activation"
          value={settings.output}
          choices={isTwo ? elementwiseNames : Object.keys(activations)}
          set={(output) => change({ output })}
        />
        <Choice
          label="loss"
          value={settings.loss}
          choices={isTwo ? oneOutputLosses : Object.keys(losses)}
          set={(loss) => change({ loss })}
        />
        <Choice
          label="initialisation"
          value={settings.weights}
          choices={initialisations}
          set={(weights) => change({ weights: weights as "he" })}
        />
      </Controls>
      <Controls name="Training">
        <Choice
          label="optimiser"
          value={settings.optimiser}
          choices={Object.keys(optimisers)}
          set={(optimiser) => change({ optimiser })}
        />
        <LearningRate settings={settings} change={change} />
        <NumberField
          label="batch size (0: all)"
          value={settings.batchSize}
          from={0}
          by={1}
          set={(batchSize) => change({ batchSize })}
        />
        <Seed settings={settings} change={change} />
      </Controls>
    </>
  );
}

/** What else changes with the data: the truth table is four samples, a shape needs more, own points begin with these. */
function ofData(
  data: string,
  settings: PlaygroundSettings,
  { train, test }: PlaygroundRun,
): Partial<PlaygroundSettings> {
  if (data === "xor") return { data, samples: 4, noise: 0, testShare: 0 };
  if (data === ownData) {
    const points = [train, test].flatMap(({ inputs, targets }) =>
      Array.from(inputs, (x, n) => [rounded(x[0]), rounded(x[1]), classOf(targets[n])]),
    );
    return { data, points: points.slice(0, mostPoints) };
  }
  if (settings.samples >= 20) return { data };
  return { data, samples: 200, noise: 0.05, testShare: 0.3 };
}

function rounded(x: number): number {
  return Math.round(1000 * x) / 1000;
}

function replaced<T>(values: readonly T[], n: number, value: T): T[] {
  return values.map((old, i) => (i === n ? value : old));
}
