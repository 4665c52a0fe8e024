/// <reference lib="dom" />
import { scaleOf } from "../chart";
import { Choice, Controls, Layout, Numbers, PictureBox, Slider, useSettings } from "../page/frame";
import { elementwiseNames } from "../settings";
import { type ActivationSettings, type ActivationView, kind } from "./activation";

export { kind };

export function Page({ start }: { start: ActivationSettings }) {
  const alive = useSettings(kind, start, kind.view);
  const { settings, change } = alive;
  const { functions, inputs, weights } = settings;
  const second = functions[1] ?? "none";

  // Dragging moves the bias, the one weight that moves z by as much.
  const drag = (view: ActivationView) => (x: number) => {
    const [left] = view.charts;
    const scale = scaleOf(left);
    const z = Math.max(
      left.x.from,
      Math.min(left.x.to, scale.atX(x < left.width ? x : x - left.width)),
    );
    change({
      weights: [Math.round(100 * (weights[0] + z - view.z)) / 100, weights[1], weights[2]],
    });
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
          <PictureBox picture={view.picture} alt={view.alt} onPointer={drag(view)} />
          <p class="hint">
            Drag the point, or move the sliders. The red line is the tangent. Grey: {functions[0]}{" "}
            is saturated, its slope at most 5 % of the steepest.
          </p>
          <Numbers view={view} />
        </>
      )}
    </Layout>
  );
}

function replaced<T extends readonly number[]>(values: T, n: number, value: number): T {
  return values.map((old, i) => (i === n ? value : old)) as unknown as T;
}
