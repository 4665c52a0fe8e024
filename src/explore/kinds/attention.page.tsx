/// <reference lib="dom" />
import {
  Charts,
  Choice,
  Controls,
  Layout,
  More,
  NumberField,
  Slider,
  useSettings,
} from "../page/frame";
import { type AttentionSettings, kind, type Pair, reach } from "./attention";

export { kind };

export function Page({ start }: { start: AttentionSettings }) {
  const alive = useSettings(kind, start, kind.view);
  const { settings, change, act } = alive;
  const { query, keys, values } = settings;

  const drag = (x: number, y: number) => act({ query: [inside(x), inside(y)] });
  const count = (to: number) =>
    change({
      keys: Array.from({ length: to }, (_, i) => keys[i] ?? kind.defaults.keys[i]),
      values: Array.from({ length: to }, (_, i) => values[i] ?? kind.defaults.values[i]),
    });

  const controls = (
    <>
      <Controls name="The query">
        {query.map((value, n) => (
          <Slider
            key={n}
            label={`${n === 0 ? "first" : "second"} of q`}
            value={value}
            from={-reach}
            to={reach}
            by={0.01}
            set={(to) => change({ query: withNumber(query, n, to) })}
          />
        ))}
        <NumberField
          label="slope of the output, ∂L/∂o"
          value={settings.slope}
          by={1}
          set={(slope) => change({ slope })}
        />
        <Choice
          label="scores"
          value={String(settings.scaled)}
          choices={{ true: "divided by √2", false: "as they are" }}
          set={(name) => change({ scaled: name === "true" })}
        />
        <Choice
          label="keys"
          value={String(keys.length)}
          choices={{ 2: "two", 3: "three" }}
          set={(name) => count(Number(name))}
        />
      </Controls>
      <More about="the keys">
        {keys.map((key, i) => (
          <Controls key={i} name={`Key k${i + 1}, two numbers, and its value`}>
            {key.map((number, n) => (
              <NumberField
                key={n}
                label={`${n === 0 ? "first" : "second"} of k${i + 1}`}
                value={number}
                by={0.5}
                set={(to) => change({ keys: replaced(keys, i, withNumber(key, n, to)) })}
              />
            ))}
            <NumberField
              label={`value v${i + 1}`}
              value={values[i]}
              by={0.5}
              set={(to) => change({ values: replaced(values, i, to) })}
            />
          </Controls>
        ))}
      </More>
    </>
  );
  return (
    <Layout kind={kind} alive={alive} controls={controls}>
      {(view) => (
        <>
          <Charts charts={[view.chart]} alt={view.alt} onPoint={drag} hold={alive.hold} />
          <p role="status">{view.said}</p>
          <p class="hint">
            Drag the query, or move its sliders. A line is the wider the more its key is looked at.
            A red arrow is a slope: where the query, or a key, would have to go for L to rise.
          </p>
        </>
      )}
    </Layout>
  );
}

/** A place in the plane, to a hundredth. */
function inside(at: number): number {
  return Math.round(100 * Math.max(-reach, Math.min(reach, at))) / 100;
}

function withNumber([x, y]: Pair, n: number, value: number): Pair {
  return n === 0 ? [value, y] : [x, value];
}

function replaced<T>(list: readonly T[], n: number, value: T): T[] {
  return list.map((old, i) => (i === n ? value : old));
}
