/// <reference lib="dom" />
import {
  Button,
  Choice,
  Controls,
  Layout,
  More,
  NumberField,
  PictureBox,
  useLook,
  useSettings,
} from "../page/frame";
import {
  type ConvolutionSettings,
  type ConvolutionView,
  exampleImages,
  exampleKernels,
  exampleSlopes,
  kernelNames,
  kind,
  outputSide,
  places,
} from "./convolution";

export { kind };

const arrows: Record<string, readonly [down: number, right: number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

export function Page({ start }: { start: ConvolutionSettings }) {
  const alive = useSettings(kind, start, kind.view);
  const { settings, seen, change, act } = alive;
  const { isNarrow } = useLook();

  /** Moves the window; where it has been stays in the sums. */
  const moveTo = (place: number, { added }: ConvolutionView) => act({ place, uses: added });
  const press = (event: KeyboardEvent, view: ConvolutionView) => {
    // With these the browser's own shortcuts begin.
    if (event.altKey || event.ctrlKey || event.metaKey || !(event.key in arrows)) return;
    const [down, right] = arrows[event.key];
    const [row, column] = [
      Math.floor(seen.place / outputSide) + down,
      (seen.place % outputSide) + right,
    ];
    const isInside = [row, column].every((at) => at >= 0 && at < outputSide);
    if (isInside) moveTo(outputSide * row + column, view);
    event.preventDefault();
  };

  const controls = (
    <>
      <Controls name="What is multiplied">
        <Choice
          label="weight that is followed"
          value={settings.weight}
          choices={Object.fromEntries(kernelNames.map((name) => [name, name]))}
          set={(weight) => change({ weight })}
        />
        <Example
          label="image"
          value={settings.image}
          examples={exampleImages}
          set={(image) => change({ image })}
        />
        <Example
          label="kernel"
          value={settings.kernel}
          examples={exampleKernels}
          set={(kernel) => change({ kernel })}
        />
        <Example
          label="slopes ∂L/∂y"
          value={settings.slopes}
          examples={exampleSlopes}
          set={(slopes) => change({ slopes })}
        />
        <NumberField
          label="∂L/∂y at the window"
          value={settings.slopes[seen.place]}
          by={1}
          set={(slope) => change({ slopes: replaced(settings.slopes, seen.place, slope) })}
        />
      </Controls>
      <More about="the kernel">
        <Controls name="The kernel">
          {kernelNames.map((name, w) => (
            <NumberField
              key={name}
              label={name}
              value={settings.kernel[w]}
              by={1}
              set={(value) => change({ kernel: replaced(settings.kernel, w, value) })}
            />
          ))}
        </Controls>
      </More>
    </>
  );
  return (
    <Layout kind={kind} alive={alive} controls={controls}>
      {(view) => {
        const left = Array.from({ length: places }, (_, n) => n).filter(
          (n) => !view.added.includes(n),
        );
        const point = (x: number, y: number) => {
          const found = view.find(x, y, isNarrow);
          if (!found) return;
          if ("weight" in found) act(found);
          else if (found.place !== seen.place) moveTo(found.place, view);
        };
        return (
          <>
            <div class="buttons">
              <Button press={() => moveTo(left[0], view)} disabled={left.length === 0} isMain>
                Next use
              </Button>
              <Button
                press={() => act({ place: places - 1, uses: [...view.added, ...left] })}
                disabled={left.length === 0}
              >
                All uses
              </Button>
              <Button
                press={() => act({ place: 0, uses: [] })}
                disabled={seen.place === 0 && view.added.length === 1}
              >
                Start over
              </Button>
            </div>
            <div
              class="pad"
              role="application"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys it names
              tabIndex={0}
              aria-label="Image: arrow keys move the window"
              onKeyDown={(event) => press(event, view)}
            >
              <PictureBox
                picture={isNarrow ? view.compact() : view.picture}
                alt={view.alt}
                onPointer={point}
              />
            </div>
            <p role="status">{view.said}</p>
            <p class="hint">
              Move the window over the image, by mouse or arrow keys; by finger, tap a place or draw
              sideways. Thick frames: the window, and its output. Red: {seen.weight} and what it
              meets; point at another weight to follow that. What is underlined has been added.
            </p>
          </>
        );
      }}
    </Layout>
  );
}

/** Numbers to begin with, by their names; those that have none are the reader's own. */
function Example(props: {
  label: string;
  value: readonly number[];
  examples: Record<string, readonly number[]>;
  set: (value: readonly number[]) => void;
}) {
  const { label, value, examples, set } = props;
  const found = Object.keys(examples).find((name) => examples[name].join() === value.join());
  return (
    <Choice
      label={label}
      value={found ?? ""}
      choices={{
        ...(found ? {} : { "": "my own" }),
        ...Object.fromEntries(Object.keys(examples).map((name) => [name, name])),
      }}
      set={(name) => set(examples[name] ?? value)}
    />
  );
}

function replaced(values: readonly number[], n: number, value: number): number[] {
  return values.map((old, i) => (i === n ? value : old));
}
