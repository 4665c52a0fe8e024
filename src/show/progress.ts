/** Many runs, one after the other, with a line that says how many are done. */
import { isList, said } from "../arithmetic";
import { breathe, escapeHtml, host } from "./display";

/** How often the line is rewritten. */
const frameMilliseconds = 250;

let shown = 0;

/**
 * Does the work for each item, in order, and shows how far it is. Interrupting the cell ends it after the run
 * that is under way, or in a loop of it that is long, and keeps the results so far.
 *
 * @param what the items in the plural: "seeds"
 * @returns the results, fewer than items if interrupted
 * @throws what the work throws; TypeError for anything that is not a list, or not a function
 */
export async function collect<T, R>(
  items: readonly T[],
  work: (item: T) => R | Promise<R>,
  what = "runs",
): Promise<R[]> {
  if (!isList(items) || typeof work !== "function")
    throw new TypeError(
      `collect takes a list of items and the work to do for each, but got ${said(items)} and ${said(work)}.`,
    );
  const results: R[] = [];
  const notebook = host();
  const id = `progress-${++shown}`;
  let isStopped = false;
  const tell = (update: boolean) => {
    const line = `${results.length} of ${items.length} ${what}${isStopped ? ", then interrupted" : ""}`;
    const html = `<p role="status">${escapeHtml(line)}</p>`;
    notebook?.display({ "text/html": html, "text/plain": line }, { id, update });
  };
  tell(false);
  let lastFrame = performance.now();
  for (const item of items) {
    // Lets the interruption come in, and the line out.
    if (notebook) await breathe();
    isStopped = notebook?.signal?.aborted ?? false;
    if (isStopped) break;
    try {
      results.push(await work(item));
    } catch (error) {
      // So the kernel ends the loops of a cell that hears nothing of the signal for too long.
      isStopped = (error as Error | undefined)?.name === "Interrupted";
      if (!isStopped) throw error;
      break;
    }
    if (performance.now() - lastFrame < frameMilliseconds) continue;
    tell(true);
    lastFrame = performance.now();
  }
  tell(true);
  return results;
}
