/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { type ActivationSettings, activation } from "../activation";
import { scaleOf } from "../chart";
import { elementwiseNames } from "../settings";
import { Choice, Controls, Found, Numbers, PictureBox, Problem, Slider, tryView } from "./frame";

export function Activation({ start }: { start: ActivationSettings }) {
  const [settings, set] = useState(start);
  const { functions, inputs, weights } = settings;
  const { view, problem } = tryView(() => activation.view(settings));
  const change = (part: Partial<ActivationSettings>) => set({ ...settings, ...part });
  const second = functions[1] ?? "none";

  // Dragging moves the bias, the one weight that moves z by as much.
  const drag = (x: number) => {
    if (!view) return;
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
  const moveInput = (n: 0 | 1) => (value: number) =>
    change({ inputs: n === 0 ? [value, inputs[1]] : [inputs[0], value] });
  const moveWeight = (n: number) => (value: number) =>
    change({ weights: weights.map((w, i) => (i === n ? value : w)) as [number, number, number] });

  return (
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
        <Slider label="input X1" value={inputs[0]} from={-2} to={2} by={0.1} set={moveInput(0)} />
        <Slider label="input X2" value={inputs[1]} from={-2} to={2} by={0.1} set={moveInput(1)} />
        <Slider label="bias W0" value={weights[0]} from={-6} to={6} by={0.01} set={moveWeight(0)} />
        <Slider
          label="weight W1"
          value={weights[1]}
          from={-3}
          to={3}
          by={0.1}
          set={moveWeight(1)}
        />
        <Slider
          label="weight W2"
          value={weights[2]}
          from={-3}
          to={3}
          by={0.1}
          set={moveWeight(2)}
        />
      </Controls>
      {problem && <Problem message={problem} />}
      {view && (
        <>
          <PictureBox picture={view.picture} alt={view.alt} onPointer={drag} />
          <p class="hint">
            Drag the point, or move the sliders. The red line is the tangent. Grey: {functions[0]}{" "}
            is saturated, its slope at most 5 % of the steepest.
          </p>
          <Numbers view={view} />
        </>
      )}
      <Found kind={activation} settings={settings} />
    </>
  );
}
