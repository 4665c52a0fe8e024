/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";
import { drawNetwork } from "../../show";
import { optimisers } from "../../training";
import { drawCharts, scaleOf } from "../chart";
import { heatColours } from "../heat";
import {
  Button,
  Choice,
  Controls,
  Found,
  NumberField,
  Numbers,
  PictureBox,
  Problem,
  Slider,
  useSettings,
} from "../page/frame";
import { ActivationsAndLoss, LearningRate, Seed } from "../page/network-controls";
import { initialisations } from "../settings";
import {
  costChart,
  kind,
  middleOf,
  outputChart,
  PlaygroundRun,
  type PlaygroundSettings,
  playgroundData,
  Surfaces,
  sampleMarks,
  statusRow,
  tellStep,
  trainingCode,
  truthRows,
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

export function Page({ start }: { start: PlaygroundSettings }) {
  // What it shows is a run that goes on, and no view of the settings.
  const alive = useSettings(kind, start, () => undefined);
  const { settings, problem } = alive;
  const [speed, setSpeed] = useState(2);
  const [playing, setPlaying] = useState(false);
  const [, redraw] = useState(0);
  const [told, tell] = useState<ReturnType<typeof tellStep>>();
  const canvases = useRef(new Map<string, HTMLCanvasElement>());
  const made = useRef<{ settings: PlaygroundSettings; run: PlaygroundRun; surfaces: Surfaces }>(
    null,
  );

  // The run belongs to its settings: when they change, and can be used, there is a new one.
  if (!problem && made.current?.settings !== settings) {
    const run = new PlaygroundRun(settings);
    run.advance(settings.epochs);
    made.current = { settings, run, surfaces: new Surfaces(run, side, mostUnits) };
  }
  const current = made.current;
  const change = (part: Partial<PlaygroundSettings>) => {
    setPlaying(false);
    tell(undefined);
    alive.change({ epochs: 0, ...part });
  };
  const paint = () => {
    if (!made.current) return;
    const { surfaces, run } = made.current;
    for (const [name, values] of surfaces.values) {
      const canvas = canvases.current.get(name);
      const context = canvas?.getContext("2d");
      if (!context) continue;
      const middle = middleOf(run, name);
      let reach = 1e-9;
      for (const value of values) reach = Math.max(reach, Math.abs(value - middle));
      const colours = heatColours(values, side, middle, reach);
      context.putImageData(
        new ImageData(colours as Uint8ClampedArray<ArrayBuffer>, side, side),
        0,
        0,
      );
    }
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
  const frameOfSurface = outputChart(run, { width: 340, height: 320 }, "none", [
    ...sampleMarks(run.train, 400),
    ...sampleMarks(run.test, 400, true),
  ]);
  const area = scaleOf(frameOfSurface);
  const canvasFor = (name: string) => (canvas: HTMLCanvasElement | null) => {
    if (canvas) canvases.current.set(name, canvas);
    else canvases.current.delete(name);
  };
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  const hidden = [...surfaces.values.keys()].filter((name) => name !== "D0");
  const allHidden = settings.layers.reduce((sum, units) => sum + units, 0);
  const truth = truthRows(run);
  const diagram = drawNetwork(run.network, {
    title: "The weights",
    linesOf: () => [],
    labelOf: () => undefined,
  });
  const press = (act: () => void) => () => {
    setPlaying(false);
    act();
    finish();
  };

  return (
    <>
      <div class="buttons">
        <Button press={() => setPlaying(!playing)} disabled={Boolean(run.fault || problem)}>
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
      {problem && <Problem message={problem} />}
      {run.fault && <Problem message={run.fault} />}
      <div class="panes">
        <div class="surface" style={{ maxWidth: "340px" }}>
          <canvas
            ref={canvasFor("D0")}
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
            picture={drawCharts([frameOfSurface], "none")}
            alt="The network's output over the inputs: blue below 0.5, orange above, black where it is 0.5. Round marks are samples with target 0, square ones with target 1; white marks are test samples."
          />
        </div>
        <PictureBox
          picture={drawCharts([costChart(run)])}
          alt="The cost as training goes on; the numbers stand below."
        />
        <PictureBox
          picture={diagram}
          alt="The network: links are wider the larger the weight, and dashed orange below 0."
        />
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
        Blue is below the middle, orange above, the black line where it is crossed. White marks are
        test samples. A change of a setting starts afresh.
      </p>
      <Settings settings={settings} change={change} />
      <Found kind={kind} settings={{ ...settings, epochs: run.epoch }} more={trainingCode(run)} />
    </>
  );
}

function Settings(props: {
  settings: PlaygroundSettings;
  change: (part: Partial<PlaygroundSettings>) => void;
}) {
  const { settings, change } = props;
  const { data, layers } = settings;
  return (
    <>
      <Controls name="Data">
        <Choice
          label="data"
          value={data}
          choices={Object.keys(playgroundData)}
          set={(name) =>
            // The truth table is four samples; a shape needs more.
            change(
              name === "xor"
                ? { data: name, samples: 4, noise: 0, testShare: 0 }
                : {
                    data: name,
                    ...(settings.samples < 20 ? { samples: 200, noise: 0.05, testShare: 0.3 } : {}),
                  },
            )
          }
        />
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
          set={(count) =>
            change({ layers: Array.from({ length: count }, (_, n) => layers[n] ?? 3) })
          }
        />
        {layers.map((units, n) => (
          <NumberField
            key={n}
            label={`units in layer ${n + 1}`}
            value={units}
            from={1}
            to={256}
            by={1}
            set={(value) => change({ layers: layers.map((u, i) => (i === n ? value : u)) })}
          />
        ))}
        <ActivationsAndLoss settings={settings} change={change} />
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
