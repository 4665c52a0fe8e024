/** What tests ask of a kernel: a cell's result, or its error. */
import { afterAll, beforeAll, expect } from "vitest";
import { type Client, type Execution, startKernel } from "./client";

export interface Asking {
  kernel(): Client;
  run(code: string, options?: object): Promise<Execution>;
  /** The text of a cell's result; undefined if it has none. */
  resultOf(code: string): Promise<string | undefined>;
  /** The error of a cell that fails, its traceback without colours. */
  errorOf(code: string): Promise<{ ename: string; evalue: string; text: string }>;
}

/** A kernel for the tests of a file, or of a `describe`: started before them, stopped after them. */
export function kernelForTests(start: () => Promise<Client> = startKernel): Asking {
  let started: Client;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started.stop());
  const kernel = () => started;
  const run: Asking["run"] = (code, options) => kernel().execute(code, options);
  return {
    kernel,
    run,
    async resultOf(code) {
      const { outputs, reply } = await run(code);
      expect(reply.evalue).toBeUndefined();
      expect(reply).toMatchObject({ status: "ok" });
      return outputs.find((output) => output.output_type === "execute_result")?.data["text/plain"];
    },
    async errorOf(code) {
      const { outputs, reply } = await run(code);
      expect(outputs.map((output) => output.output_type)).toEqual(["error"]);
      const { ename, evalue, traceback } = outputs[0];
      expect(reply).toMatchObject({ status: "error", ename, evalue, traceback });
      return { ename, evalue, text: plain(traceback.join("\n")) };
    },
  };
}

export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with an escape
  return text.replace(/\u001b\[\d+m/g, "");
}
