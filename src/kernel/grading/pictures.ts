/**
 * Figures of a submission. Its process has no package that draws, and the process of the tests hands Plotly nothing that
 * a student wrote: so what is to be drawn travels as text in the place of its picture, and a thread of its own draws
 * it. This file is both ends of that thread.
 */
import { once } from "node:events";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { drawCard, inWords } from "../../show/card";
import { pictureSource } from "../../show/display";
import type { PlotlyFigure } from "../../show/plotly";
import { drawStill } from "../../show/still";

interface Order {
  figure: PlotlyFigure;
  width: number;
  height: number;
}

/** How long the pictures of a submission may take together, in milliseconds; then they stay undrawn. */
const together = 30_000;
/** What stands in a bundle of the submission's process: see `withoutPictures` in programs.ts. */
const undrawn = /data:image\/svg\+xml,%3Csvg [^"%]*%3E%3Cdesc%3Efigure:([^"]*?)%3C\/desc%3E[^"]*/g;

/** Returns what draws the figures that stand undrawn in a text of HTML. Whatever cannot be drawn stays as it is. */
export function startDrawing(): (html: string) => Promise<string> {
  let worker: Worker | undefined;
  let left = together;

  async function draw(written: string): Promise<string | undefined> {
    if (left <= 0) return undefined;
    const order = orderOf(written);
    if (!order) return undefined;
    const from = performance.now();
    worker ??= new Worker(__filename, { workerData: { draws: true } });
    worker.unref();
    const ended = new AbortController();
    const late = setTimeout(() => ended.abort(), left);
    try {
      worker.postMessage(order);
      const [svg] = await once(worker, "message", { signal: ended.signal });
      return svg;
    } catch {
      await worker.terminate();
      worker = undefined;
      return undefined;
    } finally {
      clearTimeout(late);
      left -= performance.now() - from;
    }
  }

  return async (html) => {
    let drawn = html;
    for (const [whole, written] of html.matchAll(undrawn)) {
      const svg = await draw(written);
      if (svg) drawn = drawn.replace(whole, () => `data:image/svg+xml,${pictureSource(svg)}`);
    }
    return drawn;
  };
}

function orderOf(written: string): Order | undefined {
  try {
    // Written by encodeURIComponent, and again as all pictures are.
    return JSON.parse(decodeURIComponent(decodeURIComponent(written)));
  } catch {
    return undefined;
  }
}

async function answer({ figure, width, height }: Order): Promise<string> {
  const still = await drawStill(figure, width, height);
  if ("svg" in still) return still.svg;
  const lines = [`There is no still picture of it: ${still.reason}.`, ...inWords(figure)];
  return drawCard(figure.layout.title?.text ?? "", lines, width, height);
}

if (workerData?.draws) {
  parentPort?.on("message", (order: Order) => {
    answer(order).then(
      (svg) => parentPort?.postMessage(svg),
      () => parentPort?.postMessage(undefined),
    );
  });
}
