/// <reference lib="dom" />
/** The controls that the explorables of the text's network share. */
import { weightNames } from "../../names";
import { elementwiseNames, truthTables } from "../settings";
import { type WalkSettings, walkNetwork } from "../walk";
import { Choice, NumberField, Slider } from "./frame";

type Shared = Pick<
  WalkSettings,
  "data" | "units" | "hidden" | "output" | "loss" | "weights" | "seed" | "learningRate"
>;

/** For a network with one output: not the loss that chooses among several. */
export const oneOutputLosses = ["halfSquaredError", "binaryCrossEntropy"];

export function NetworkControls(props: {
  settings: Shared;
  change: (part: Partial<Shared>) => void;
}) {
  const { settings, change } = props;
  const { data, units, hidden, output, loss } = settings;
  return (
    <>
      <Choice
        label="truth table"
        value={data}
        choices={Object.fromEntries(
          Object.keys(truthTables).map((name) => [name, name.toUpperCase()]),
        )}
        set={(name) => change({ data: name as "xor" })}
      />
      <Slider
        label="hidden units"
        value={units}
        from={1}
        to={6}
        by={1}
        set={(value) =>
          change({ units: value, ...(Array.isArray(settings.weights) ? { weights: 1 } : {}) })
        }
      />
      <Choice
        label="hidden activation"
        value={hidden}
        choices={elementwiseNames}
        set={(name) => change({ hidden: name })}
      />
      <Choice
        label="output activation"
        value={output}
        choices={elementwiseNames}
        set={(name) => change({ output: name })}
      />
      <Choice
        label="loss"
        value={loss}
        choices={oneOutputLosses}
        set={(name) => change({ loss: name })}
      />
    </>
  );
}

/** All the same, drawn, or each one by itself. */
export function WeightControls(props: {
  settings: Shared;
  change: (part: Partial<Shared>) => void;
}) {
  const { settings, change } = props;
  const { weights, seed } = settings;
  const kind =
    typeof weights === "number" ? "same" : typeof weights === "string" ? weights : "each";
  const network = walkNetwork(settings as WalkSettings);
  const list = Array.from(network.weights);
  return (
    <>
      <Choice
        label="weights"
        value={kind}
        choices={{
          same: "all the same",
          uniform: "drawn: uniform",
          xavier: "drawn: Xavier",
          he: "drawn: He",
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
      {typeof weights === "string" && (
        <NumberField
          label="seed"
          value={seed}
          from={0}
          by={1}
          set={(value) => change({ seed: value })}
        />
      )}
      {kind === "each" && (
        <div class="each">
          {weightNames(network).map((name, n) => (
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
