/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { weightNames } from "../../names";
import { formatNumber } from "../../show";
import type { Axis, Chart } from "../chart";
import { Button, Charts, Choice, Controls, Layout, Slider, useSettings } from "../page/frame";
import {
  anyOfShape,
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
  const { settings, seen } = alive;
  const [steps, setSteps] = useState(0);
  const change = (part: Partial<SlopeSettings>) => {
    alive.change(withWeights({ ...settings, ...part }));
    setSteps(0);
  };
  const { sample, weight, second } = settings;
  const names = weightNames(anyOfShape(seen));
  const move = (values: Record<string, number>) => {
    const { weights } = smallNetwork(seen);
    alive.act({ weights: Array.from(weights, (w, n) => values[names[n]] ?? w) });
    setSteps(0);
  };
  // The point is dragged along the curve, or about the surface.
  const drag =
    ({ moving }: SlopeView) =>
    (x: number, y: number, chart: Chart) => {
      const inside = (value: number, { from, to }: Axis) =>
        Math.round(100 * Math.max(from, Math.min(to, value))) / 100;
      const places = [inside(x, chart.x), inside(y, chart.y)];
      move(Object.fromEntries(moving.map(({ name }, n) => [name, places[n]])));
    };

  const controls = (
    <>
      <Controls name="What moves">
        <Choice
          label="weight"
          value={weight}
          choices={names}
          set={(name) => change({ weight: name, second: name === second ? weight : second })}
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
        <WeightControls settings={settings} seen={seen} change={change} />
      </MoreAboutTheNetwork>
    </>
  );
  return (
    <Layout kind={kind} alive={alive} controls={controls}>
      {(view) => (
        <>
          <div class="buttons">
            <Button
              isMain
              press={() => {
                alive.act({ weights: view.next });
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
          <Charts charts={[view.chart]} alt={view.alt} onPoint={drag(view)} hold={alive.hold} />
        </>
      )}
    </Layout>
  );
}

/** The settings with weights that the network has: with fewer units some are gone. */
function withWeights(settings: SlopeSettings): SlopeSettings {
  const names = weightNames(anyOfShape(settings));
  const { weight, second } = settings;
  const first = names.includes(weight) ? weight : names[0];
  return {
    ...settings,
    weight: first,
    second: names.includes(second) && second !== first ? second : "",
  };
}
