/** Prints the outputs of all figures, drawn in the opposite order, as JSON: run as a process of its own. */
import { bundleOf } from "./parts";
import { figures } from "./samples";

async function main(): Promise<void> {
  const outputs: Record<string, unknown> = {};
  for (const [name, figure] of Object.entries(figures()).reverse()) {
    outputs[name] = await bundleOf(figure);
  }
  console.log(JSON.stringify(outputs));
}

main();
