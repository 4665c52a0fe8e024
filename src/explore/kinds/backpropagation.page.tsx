/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { formatNumber, formulaHtml } from "../../show";
import {
  Button,
  Choice,
  Controls,
  Layout,
  NumberField,
  Numbers,
  PictureBox,
  useLook,
  useSettings,
} from "../page/frame";
import {
  LearningRate,
  MoreAboutTheNetwork,
  sampleChoices,
  WeightControls,
} from "../page/network-controls";
import {
  type BackpropagationSettings,
  type BackpropagationStep,
  type BackpropagationView,
  kind,
  stepTitle,
} from "./backpropagation";

export { kind };

export function Page({ start }: { start: BackpropagationSettings }) {
  const alive = useSettings(kind, start, kind.view);
  const { settings, seen } = alive;
  const { isNarrow } = useLook();
  const [passes, setPasses] = useState(1);
  // What the reader expects of a step, if they want to be asked.
  const [guess, setGuess] = useState({ step: 0, value: Number.NaN });
  // A change of anything but the step starts over.
  const change = (part: Partial<BackpropagationSettings>) => {
    alive.change({ step: 0, ...part });
    setPasses(1);
  };
  const goTo = (step: number) => alive.act({ step });
  const { sample, sign } = settings;
  const { step } = seen;
  const samples = sampleChoices(settings);

  const endOfPhase = ({ steps }: BackpropagationView) => {
    const phase = steps[step]?.phase;
    let end = step;
    while (end < steps.length && steps[end].phase === phase) end++;
    goTo(end);
  };
  const nextPass = ({ updated }: BackpropagationView) => {
    const next = (seen.sample + 1) % Object.keys(samples).length;
    alive.act({ weights: updated, sample: next, step: 0 });
    setPasses(passes + 1);
  };

  const controls = (
    <>
      <Controls name="The pass">
        <Choice
          label="sample"
          value={String(sample)}
          choices={samples}
          set={(name) => change({ sample: Number(name) })}
        />
        <LearningRate settings={settings} change={change} />
        <Choice
          label="sign of δ"
          value={sign}
          choices={{ gradient: "δ = ∂L/∂z (downhill)", text: "the text's, y − h (uphill)" }}
          set={(name) => change({ sign: name as "text" })}
        />
        <WeightControls settings={settings} seen={seen} change={change} />
      </Controls>
      <MoreAboutTheNetwork settings={settings} change={change} />
    </>
  );
  return (
    <Layout kind={kind} alive={alive} controls={controls} hasNumbers>
      {(view) => {
        const last = view.steps.length;
        return (
          <div class="stepper">
            <PictureBox picture={isNarrow ? view.compact() : view.picture} alt={view.alt} />
            <div class="buttons">
              <Button press={() => goTo(step - 1)} disabled={step === 0}>
                ← Back
              </Button>
              <Button press={() => goTo(step + 1)} disabled={step === last} isMain>
                Next →
              </Button>
              <span>
                Pass {passes}, step {step} of {last}
              </span>
              <Button press={() => endOfPhase(view)} disabled={step === last}>
                To the end of this pass
              </Button>
              <Button press={() => goTo(0)} disabled={step === 0}>
                To the start
              </Button>
              <Button press={() => nextPass(view)} disabled={step < last}>
                Next sample, new weights
              </Button>
            </div>
            {step < last && (
              <NumberField
                id="guess"
                label="Your guess for the next number, if you like"
                value={guess.step === step + 1 ? guess.value : Number.NaN}
                set={(value) => setGuess({ step: step + 1, value })}
              />
            )}
            <Step
              step={view.steps[step - 1]}
              guess={guess.step === step && Number.isFinite(guess.value) ? guess.value : undefined}
            />
            <Numbers view={view} />
          </div>
        );
      }}
    </Layout>
  );
}

/** One step in words: what it computes, by which formula, and what the text has for it. */
function Step({ step, guess }: { step: BackpropagationStep | undefined; guess?: number }) {
  return (
    <div class="step" aria-live="polite">
      <strong>{stepTitle(step)}</strong>
      {step ? (
        step.lines.map((line) => (
          <div key={line} class="formula" dangerouslySetInnerHTML={{ __html: formulaHtml(line) }} />
        ))
      ) : (
        <p>
          Press <em>Next</em>. What will Z1 be?
        </p>
      )}
      {step && guess !== undefined && (
        <p>
          {Math.abs(guess - step.value) <= 0.005 * Math.max(1e-9, Math.abs(step.value))
            ? "✓ You guessed "
            : "✗ You guessed "}
          {formatNumber(guess)}.
        </p>
      )}
      {step?.text !== undefined && Math.abs(step.text - step.value) <= 1e-9 && (
        <p>✓ The text has {formatNumber(step.text)} too.</p>
      )}
      {step?.remark && (
        <p class="remark">
          <strong aria-hidden="true">≠ </strong>
          {step.remark}
        </p>
      )}
    </div>
  );
}
