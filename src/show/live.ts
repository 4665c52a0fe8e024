/** Training that is watched: the loss curve grows while the network learns. */

import { isList, said } from "../arithmetic";
import type { Network, Samples } from "../nn";
import type { Model } from "../tensors";
import { Training, type TrainingOptions } from "../training";
import { checkNetwork } from "./checks";
import { lossCurve } from "./curves";
import { breathe, host, orAborted } from "./display";
import { figureHtml, lineHtml, plotlyBundle } from "./figure";
import { formatNumber } from "./numbers";

export interface LiveOptions extends TrainingOptions {
  title?: string;
  /** Logarithmic cost axis. */
  log?: boolean;
}

/** How long training goes on before it lets the notebook breathe (but for longer epochs), and how often it is drawn. */
const chunkMilliseconds = 40;
const frameMilliseconds = 250;

let shown = 0;

function isModel(trained: Network | Model): trained is Model {
  return isList(trained?.weights) && "createEngine" in trained;
}

/**
 * Trains as `train` does, with the same numbers, and shows the loss curve growing in place. Interrupting the
 * cell ends the training at once and keeps the model and the curve: the run is returned before anything else is done,
 * and the cell goes on until the last curve is drawn.
 *
 * @throws as `Training`; the curve so far stays
 * @throws TypeError for anything that is not a network or a model, samples or options
 */
export async function trainLive<Trained extends Network | Model>(
  network: Trained,
  samples: Samples,
  options: LiveOptions,
): Promise<Training<Trained>> {
  if (!isModel(network)) checkNetwork(network, "trainLive");
  if (!isList(samples?.inputs) || !isList(samples.targets))
    throw new TypeError(
      `trainLive takes samples, { inputs, targets }, as the second argument, but got ${said(samples)}.`,
    );
  if (typeof options !== "object" || options === null)
    throw new TypeError(
      `trainLive takes options as the third argument, at least { learningRate, epochs }, but got ${said(options)}.`,
    );
  const { title = "Training", log, ...how } = options;
  const notebook = host();
  if (notebook) await breathe();
  const signals = [how.signal, notebook?.signal];
  const signal = {
    get aborted() {
      return signals.some((one) => one?.aborted);
    },
  };
  const training = new Training(network, samples, { ...how, signal });
  if (!notebook) {
    while (!training.ending) training.advance(1000);
    return training;
  }

  const id = `training-${++shown}`;
  const frame = (update: boolean) => {
    const { epochs, costs } = training.history;
    const at = `epoch ${epochs[epochs.length - 1]} of ${how.epochs}, cost ${formatNumber(costs[costs.length - 1], 4)}`;
    const curve = lossCurve(training, { title: `${title} (${at})`, log });
    const html = figureHtml(curve.figure, lineHtml(`${title}: ${at}`), id);
    const bundle = { "text/html": html, "text/plain": at, ...plotlyBundle(curve.figure) };
    notebook.display(bundle, { id, update });
  };
  frame(false);
  const drawLast = async () => {
    const curve = lossCurve(training, { title, log });
    const html = await curve.html(id);
    const bundle = { "text/html": html, "text/plain": curve.alt, ...plotlyBundle(curve.figure) };
    notebook.display(bundle, { id, update: true });
  };
  try {
    let lastFrame = performance.now();
    for (let epochs = 1; !training.ending; ) {
      const start = performance.now();
      training.advance(epochs);
      const fitting = Math.floor((epochs * chunkMilliseconds) / (performance.now() - start));
      epochs = Math.max(1, Math.min(fitting, 2 * epochs));
      await breathe();
      if (!training.ending && performance.now() - lastFrame >= frameMilliseconds) {
        frame(true);
        lastFrame = performance.now();
      }
    }
  } finally {
    // Loading what draws it takes a while in which nothing else runs; so the cell goes on first.
    const drawn = breathe().then(drawLast);
    notebook.waitUntil?.(drawn);
    await (notebook.waitUntil ? orAborted(drawn, notebook.signal) : drawn);
  }
  return training;
}
