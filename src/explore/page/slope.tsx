/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { weightNames } from "../../names";
import { formatNumber } from "../../show";
import { scaleOf } from "../chart";
import { dataSet } from "../settings";
import { type SlopeSettings, slope, slopeNetwork } from "../slope";
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
  tryView,
} from "./frame";
import { NetworkControls, WeightControls } from "./network-controls";

export function Slope({ start }: { start: SlopeSettings }) {
  const [settings, set] = useState(start);
  const [steps, setSteps] = useState(0);
  const change = (part: Partial<SlopeSettings>) => {
    set({ ...settings, ...part });
    setSteps(0);
  };
  const { view, problem } = tryView(() => {
    slope.check(settings);
    return slope.view(settings);
  });
  const { data, sample, weight, second, learningRate } = settings;
  const { inputs, targets } = dataSet(data);
  const named = tryView(() => slopeNetwork(settings)).view;
  const names = named ? weightNames(named) : [];
  const move = (values: Record<string, number>) => {
    if (!named) return;
    const weights = Array.from(named.weights, (w, n) => values[names[n]] ?? w);
    change({ weights });
  };
  // The point is dragged along the curve, or about the surface.
  const drag = (x: number, y: number) => {
    if (!view) return;
    const scale = scaleOf(view.chart);
    const inside = (value: number, { from, to }: { from: number; to: number }) =>
      Math.round(100 * Math.max(from, Math.min(to, value))) / 100;
    const values = { [weight]: inside(scale.atX(x), view.chart.x) };
    if (second) values[second] = inside(scale.atY(y), view.chart.y);
    move(values);
  };

  return (
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
        {view?.moving.map(({ name, value }) => (
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
        <NumberField
          label="learning rate α"
          value={learningRate}
          from={0}
          by={0.05}
          set={(value) => change({ learningRate: value })}
        />
        <Choice
          label="samples"
          value={String(sample)}
          choices={Object.fromEntries([
            ["all", "all four: the cost"],
            ...inputs.map((x, n) => [String(n), `only (${x.join(", ")}), target ${targets[n][0]}`]),
          ])}
          set={(name) => change({ sample: name === "all" ? "all" : Number(name) })}
        />
      </Controls>
      <details class="more">
        <summary>More about the network</summary>
        <Controls name="The network">
          <NetworkControls settings={settings} change={change} />
          <WeightControls settings={settings} change={change} />
        </Controls>
      </details>
      {problem && <Problem message={problem} />}
      {view && (
        <>
          <div class="buttons">
            <Button
              press={() => {
                set({ ...settings, weights: view.next });
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
          <PictureBox picture={view.picture} alt={view.alt} onPointer={drag} />
          <Numbers view={view} />
        </>
      )}
      <Found kind={slope} settings={settings} />
    </>
  );
}
