/** `npm run reset [-- names]`: the notebooks as they came; the reader's own are kept beside them. */
import { projectRoot } from "../../kernel/node/argv";
import { runCommand } from "../command";
import { resetNotebooks } from "../reset";

runCommand(() => {
  const done = resetNotebooks(projectRoot, process.argv.slice(2));
  for (const { notebook, kept } of done)
    console.log(
      kept
        ? `${notebook} is as it came; yours is kept as ${kept}.`
        : `${notebook} was deleted, and is back.`,
    );
  if (done.length === 0) console.log("Nothing to put back: the notebooks are as they came.");
});
