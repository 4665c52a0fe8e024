/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { weightNames } from "../../names";
import { formatNumber } from "../../show";
import { scaleOf } from "../chart";
import {
  Button,
  Choice,
  Controls,
  Layout,
  Numbers,
  PictureBox,
  Slider,
  tryView,
  useSettings,
} from "../page/frame";
import {
  LearningRate,
  MoreAboutTheNetwork,
  sampleChoices,
  WeightControls,
} from "../page/network-controls";
import { smallNetwork } from "../settings";
import { kind, type SlopeSettings, type SlopeView } from "./slope";

export { kind };

export function Page({ start }: { start: SlopeSettings }) {
  const alive = useSettings(kind, start, kind.view);
  const { settings } = alive;
  const [steps, setSteps] = useState(0);
  const change = (part: Partial<SlopeSettings>) => {
    alive.change(part);
    setSteps(0);
  };
  const { sample, weight, second } = settings;
  const network = tryView(() => smallNetwork(settings)).view;
  const names = network ? weightNames(network) : [];
  const move = (values: Record<string, number>) => {
    if (!network) return;
    change({ weights: Array.from(network.weights, (w, n) => values[names[n]] ?? w) });
  };
  // The point is dragged along the curve, or about the surface.
  const drag =
    ({ chart }: SlopeView) =>
    (x: number, y: number) => {
      const scale = scaleOf(chart);
      const inside = (value: number, { from, to }: { from: number; to: number }) =>
        Math.round(100 * Math.max(from, Math.min(to, value))) / 100;
      const values = { [weight]: inside(scale.atX(x), chart.x) };
      if (second) values[second] = inside(scale.atY(y), chart.y);
      move(values);
    };

  const controls = (
    <>
      <Controls name="What moves">
        <Choice
          label="weight"
          value={weight}
          choices={names}
          set={(name) => change({ weight: name })}
        />
        <Choice
          label="second weight"
          value={second}
          choices={Object.fromEntries([
            ["", "none"],
            ...names.filter((name) => name !== weight).map((name) => [name, name]),
          ])}
          set={(name) => change({ second: name })}
        />
        {alive.view?.moving.map(({ name, value }) => (
          <Slider
            key={name}
            label={`value of ${name}`}
            value={value}
            from={-4}
            to={4}
            by={0.01}
            set={(to) => move({ [name]: to })}
          />
        ))}
        <LearningRate settings={settings} change={change} />
        <Choice
          label="samples"
          value={String(sample)}
          choices={Object.fromEntries([
            ["all", "all four: the cost"],
            ...Object.entries(sampleChoices(settings)).map(([n, said]) => [n, `only ${said}`]),
          ])}
          set={(name) => change({ sample: name === "all" ? "all" : Number(name) })}
        />
      </Controls>
      <MoreAboutTheNetwork settings={settings} change={change}>
        <WeightControls settings={settings} change={change} />
      </MoreAboutTheNetwork>
    </>
  );
  return (
    <Layout kind={kind} alive={alive} controls={controls}>
      {(view) => (
        <>
          <div class="buttons">
            <Button
              press={() => {
                alive.change({ weights: view.next });
                setSteps(steps + 1);
              }}
            >
              Take the step
            </Button>
            <Button
              press={() => change(start)}
              disabled={JSON.stringify(settings) === JSON.stringify(start)}
            >
              Back to the start
            </Button>
            <span>
              {steps === 0
                ? "No step taken yet"
                : `${steps} ${steps === 1 ? "step" : "steps"} taken`}
              :{" "}
              {view.moving
                .map(({ name, value }) => `${name} = ${formatNumber(value, 4)}`)
                .join(", ")}
            </span>
          </div>
          <PictureBox picture={view.picture} alt={view.alt} onPointer={drag(view)} />
          <Numbers view={view} />
        </>
      )}
    </Layout>
  );
}
