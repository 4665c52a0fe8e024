/// <reference lib="dom" />
/** The controls of a network that explorables share. */
import type { ComponentChildren } from "preact";
import { weightNames } from "../../names";
import type { Network } from "../../nn";
import {
  dataSet,
  elementwiseNames,
  initialisations,
  type OneOutputSettings,
  oneOutputLosses,
  type SmallNetworkSettings,
  smallNetwork,
  textNetwork,
  truthTables,
} from "../settings";
import { Choice, Controls, More, NumberField, Slider } from "./frame";

interface For<S> {
  settings: S;
  change: (part: Partial<S>) => void;
}
/** What the explorables of one hidden layer share: all but how the samples are chosen. */
type SmallNetwork = Omit<SmallNetworkSettings, "sample">;

export function LearningRate({ settings, change }: For<Pick<OneOutputSettings, "learningRate">>) {
  return (
    <NumberField
      label="learning rate α"
      value={settings.learningRate}
      from={0}
      by={0.05}
      set={(learningRate) => change({ learningRate })}
    />
  );
}

export function Seed({ settings, change }: For<Pick<OneOutputSettings, "seed">>) {
  return (
    <NumberField
      label="seed"
      value={settings.seed}
      from={0}
      by={1}
      set={(seed) => change({ seed })}
    />
  );
}

export function ActivationsAndLoss({
  settings,
  change,
}: For<Pick<OneOutputSettings, "hidden" | "output" | "loss">>) {
  return (
    <>
      <Choice
        label="hidden activation"
        value={settings.hidden}
        choices={elementwiseNames}
        set={(hidden) => change({ hidden })}
      />
      <Choice
        label="output activation"
        value={settings.output}
        choices={elementwiseNames}
        set={(output) => change({ output })}
      />
      <Choice
        label="loss"
        value={settings.loss}
        choices={oneOutputLosses}
        set={(loss) => change({ loss })}
      />
    </>
  );
}

/** A network of the settings' shape, whatever else they say: for the names of its weights. */
export function anyOfShape(settings: SmallNetwork): Network {
  return smallNetwork({ ...textNetwork, units: settings.units, learningRate: 1 });
}

/** The samples of a truth table as choices. */
export function sampleChoices({ data }: Pick<SmallNetwork, "data">): Record<string, string> {
  const { inputs, targets } = dataSet(data);
  return Object.fromEntries(
    inputs.map((x, n) => [String(n), `(${x.join(", ")}), target ${targets[n][0]}`]),
  );
}

/** The network behind a fold; what else is to go there stands at its end. */
export function MoreAboutTheNetwork({
  settings,
  change,
  children,
}: For<SmallNetwork> & { children?: ComponentChildren }) {
  return (
    <More about="the network">
      <Controls name="The network">
        <Choice
          label="truth table"
          value={settings.data}
          choices={Object.fromEntries(
            Object.keys(truthTables).map((name) => [name, name.toUpperCase()]),
          )}
          set={(name) => change({ data: name as "xor" })}
        />
        <Slider
          label="hidden units"
          value={settings.units}
          from={1}
          to={6}
          by={1}
          set={(units) =>
            change({ units, ...(Array.isArray(settings.weights) ? { weights: 1 } : {}) })
          }
        />
        <ActivationsAndLoss settings={settings} change={change} />
        {children}
      </Controls>
    </More>
  );
}

/** All the same, drawn, or each one by itself: then they start as those that are seen. */
export function WeightControls({
  settings,
  seen,
  change,
}: For<SmallNetwork> & { seen: SmallNetwork }) {
  const { weights } = settings;
  const how = typeof weights === "number" ? "same" : typeof weights === "string" ? weights : "each";
  const list = Array.isArray(weights)
    ? (weights as readonly number[])
    : Array.from(smallNetwork({ ...seen, sample: 0 }).weights);
  return (
    <>
      <Choice
        label="weights"
        value={how}
        choices={{
          same: "all the same",
          ...Object.fromEntries(
            Object.entries(initialisations).map(([name, said]) => [name, `drawn: ${said}`]),
          ),
          each: "each by itself",
        }}
        set={(name) =>
          change({ weights: name === "same" ? 1 : name === "each" ? list : (name as "uniform") })
        }
      />
      {typeof weights === "number" && (
        <NumberField
          label="every weight"
          value={weights}
          by={0.1}
          set={(value) => change({ weights: value })}
        />
      )}
      {typeof weights === "string" && <Seed settings={settings} change={change} />}
      {how === "each" && (
        <div class="each">
          {weightNames(anyOfShape(settings)).map((name, n) => (
            <NumberField
              key={name}
              label={name}
              value={Number(list[n].toPrecision(6))}
              by={0.1}
              set={(value) => change({ weights: list.map((w, i) => (i === n ? value : w)) })}
            />
          ))}
        </div>
      )}
    </>
  );
}
