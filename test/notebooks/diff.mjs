// A notebook as text for `git diff`: sources whole, outputs by their kinds and their plain text. CONTRIBUTING.md says how
// git is told to use it.
import { readFileSync } from "node:fs";

const longest = 200;
const { cells } = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const { cell_type, id, metadata, source, outputs = [] } of cells) {
  console.log(`──── ${cell_type} "${id}" ${JSON.stringify(metadata)}\n${source.join("")}`);
  for (const { output_type, data = {}, name, text, ename, evalue } of outputs) {
    const words = [data["text/plain"] ?? text ?? `${ename}: ${evalue}`].flat().join("");
    const kinds = [output_type, name, ...Object.keys(data)].filter(Boolean).join(", ");
    for (const line of [`(${kinds})`, ...words.split("\n")])
      console.log(`  → ${line.length > longest ? `${line.slice(0, longest)}…` : line}`);
  }
}
