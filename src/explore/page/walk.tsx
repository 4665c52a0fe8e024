/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { formatNumber, formulaHtml } from "../../show";
import { dataSet } from "../settings";
import { stepTitle, type WalkSettings, type WalkStep, walk, walking } from "../walk";
import {
  Button,
  Choice,
  Controls,
  Found,
  NumberField,
  Numbers,
  PictureBox,
  Problem,
  tryView,
} from "./frame";
import { NetworkControls, WeightControls } from "./network-controls";

export function Walk({ start }: { start: WalkSettings }) {
  const [settings, set] = useState(start);
  const [passes, setPasses] = useState(1);
  // A change of anything but the step begins the walk anew.
  const change = (part: Partial<WalkSettings>) => {
    set({ ...settings, step: 0, ...part });
    if (part.step === undefined) setPasses(1);
  };
  const { view, problem } = tryView(() => {
    walking.check(settings);
    return { ...walking.view(settings), ...walk(settings) };
  });
  const { data, sample, step, sign, learningRate } = settings;
  const { inputs, targets } = dataSet(data);
  const now: WalkStep | undefined = view?.steps[step - 1];
  const last = view?.steps.length ?? 0;

  const endOfPhase = () => {
    if (!view) return;
    const phase = view.steps[step]?.phase;
    let end = step;
    while (end < last && view.steps[end].phase === phase) end++;
    change({ step: end });
  };
  const nextPass = () => {
    if (!view) return;
    set({
      ...settings,
      weights: Array.from(view.updated.weights),
      sample: (sample + 1) % inputs.length,
      step: 0,
    });
    setPasses(passes + 1);
  };

  return (
    <>
      <Controls name="The pass">
        <Choice
          label="sample"
          value={String(sample)}
          choices={Object.fromEntries(
            inputs.map((x, n) => [String(n), `(${x.join(", ")}), target ${targets[n][0]}`]),
          )}
          set={(name) => change({ sample: Number(name) })}
        />
        <NumberField
          label="learning rate α"
          value={learningRate}
          from={0}
          by={0.05}
          set={(value) => change({ learningRate: value })}
        />
        <Choice
          label="sign of δ"
          value={sign}
          choices={{ gradient: "δ = ∂L/∂z (downhill)", text: "the text's, y − h (uphill)" }}
          set={(name) => change({ sign: name as "text" })}
        />
        <WeightControls settings={settings} change={change} />
      </Controls>
      <details class="more">
        <summary>More about the network</summary>
        <Controls name="The network">
          <NetworkControls settings={settings} change={change} />
        </Controls>
      </details>
      {problem && <Problem message={problem} />}
      {view && (
        <>
          <div class="buttons">
            <Button press={() => change({ step: 0 })} disabled={step === 0}>
              To the start
            </Button>
            <Button press={() => change({ step: step - 1 })} disabled={step === 0}>
              ← Back
            </Button>
            <Button press={() => change({ step: step + 1 })} disabled={step === last}>
              Next →
            </Button>
            <Button press={endOfPhase} disabled={step === last}>
              To the end of this pass
            </Button>
            <Button press={nextPass} disabled={step < last}>
              Next sample, new weights
            </Button>
            <span>
              Pass {passes}, step {step} of {last}
            </span>
          </div>
          <div class="walk">
            <div class="step" aria-live="polite">
              <strong>{stepTitle(now)}</strong>
              {now ? (
                now.lines.map((line) => (
                  <div
                    key={line}
                    class="formula"
                    dangerouslySetInnerHTML={{ __html: formulaHtml(line) }}
                  />
                ))
              ) : (
                <p>
                  Press <em>Next</em>. What will Z1 be?
                </p>
              )}
              {now?.text !== undefined && Math.abs(now.text - now.value) <= 1e-9 && (
                <p>✓ The text has {formatNumber(now.text)} too.</p>
              )}
              {now?.remark && (
                <p class="remark">
                  <strong aria-hidden="true">≠ </strong>
                  {now.remark}
                </p>
              )}
            </div>
            <PictureBox picture={view.picture} alt={view.alt} />
            <Numbers view={view} />
          </div>
        </>
      )}
      <Found kind={walking} settings={settings} />
    </>
  );
}
