/// <reference lib="dom" />
import type { Chart } from "../chart";
import { Charts, Choice, Controls, Layout, Slider, useSettings } from "../page/frame";
import { elementwiseNames } from "../settings";
import { type ActivationSettings, type ActivationView, kind } from "./activation";

export { kind };

export function Page({ start }: { start: ActivationSettings }) {
  const alive = useSettings(kind, start, kind.view);
  const { settings, seen, change, act } = alive;
  const { functions, inputs, weights } = settings;
  const second = functions[1] ?? "none";

  // Dragging moves the bias, the one weight that moves z by as much.
  const drag =
    ({ z: before }: ActivationView) =>
    (x: number, _: number, chart: Chart) => {
      const z = Math.max(chart.x.from, Math.min(chart.x.to, x));
      const [bias, ...others] = seen.weights;
      act({ weights: [Math.round(100 * (bias + z - before)) / 100, ...others] });
    };

  const controls = (
    <>
      <Controls name="Function">
        <Choice
          label="activation function"
          value={functions[0]}
          choices={elementwiseNames}
          set={(name) =>
            change({ functions: [name, ...functions.slice(1).filter((f) => f !== name)] })
          }
        />
        <Choice
          label="compare with"
          value={second}
          choices={["none", ...elementwiseNames.filter((name) => name !== functions[0])]}
          set={(name) =>
            change({ functions: name === "none" ? [functions[0]] : [functions[0], name] })
          }
        />
      </Controls>
      <Controls name="The unit: z = W0 + W1 · X1 + W2 · X2">
        {inputs.map((value, n) => (
          <Slider
            key={n}
            label={`input X${n + 1}`}
            value={value}
            from={-2}
            to={2}
            by={0.1}
            set={(to) => change({ inputs: replaced(inputs, n, to) })}
          />
        ))}
        {weights.map((value, n) => (
          <Slider
            key={n}
            label={`${n === 0 ? "bias" : "weight"} W${n}`}
            value={value}
            from={n === 0 ? -6 : -3}
            to={n === 0 ? 6 : 3}
            by={n === 0 ? 0.01 : 0.1}
            set={(to) => change({ weights: replaced(weights, n, to) })}
          />
        ))}
      </Controls>
    </>
  );
  return (
    <Layout kind={kind} alive={alive} controls={controls}>
      {(view) => (
        <>
          <Charts charts={view.charts} alt={view.alt} onPoint={drag(view)} hold={alive.hold} />
          <p class="hint">
            Drag the point, or move the sliders. The red line is the tangent. Grey:{" "}
            {seen.functions[0]} is saturated, its slope at most 5 % of the steepest.
          </p>
        </>
      )}
    </Layout>
  );
}

function replaced<T extends readonly number[]>(values: T, n: number, value: number): T {
  return values.map((old, i) => (i === n ? value : old)) as unknown as T;
}
