/** Before any test: one kernel checks all sources together, which every other one would do for itself. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "../../src/kernel/node/argv";
import { withKernel } from "./client";

/** Written for Node alone: no notebook imports it. */
const pages = "page-scripts.ts";

export default async function checkSources(): Promise<void> {
  const doors = readdirSync(join(projectRoot, "src")).filter(
    (name) => name.endsWith(".ts") && name !== pages,
  );
  const imports = doors.map((name) => `import "./src/${basename(name, ".ts")}";`);
  await withKernel(async (kernel) => {
    const { reply } = await kernel.execute(imports.join("\n"));
    if (reply.status === "error") throw new Error(`${reply.ename}: ${reply.evalue}`);
  });
}
