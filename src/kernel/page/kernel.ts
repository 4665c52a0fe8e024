/** The kernel as a page sees it. */

/** What a cell puts out: nbformat's outputs, and two messages that change earlier ones. */
export type CellOutput =
  | { output_type: "stream"; name: string; text: string }
  | DisplayOutput
  | {
      output_type: "execute_result";
      execution_count: number | null;
      data: Record<string, unknown>;
      metadata?: object;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] }
  | {
      output_type: "update_display_data";
      data: Record<string, unknown>;
      metadata?: object;
      transient: { display_id: string };
    }
  | { output_type: "clear_output"; wait: boolean };

interface DisplayOutput {
  output_type: "display_data";
  data: Record<string, unknown>;
  metadata?: object;
  transient?: { display_id?: string };
}

export interface PageKernel {
  start(progress: (share: number, what: string) => void): Promise<void>;
  execute(
    source: string,
    show: (output: CellOutput) => void,
  ): Promise<{ status: "ok" | "error" | "aborted"; executionCount: number; ename?: string }>;
  interrupt(): Promise<"kept" | "lost">;
  restart(): Promise<void>;
  complete(
    source: string,
    cursor: number,
  ): Promise<{ matches: string[]; from: number; to: number }>;
  inspect(source: string, cursor: number): Promise<string | undefined>;
  dependencies(sources: readonly string[]): Promise<{ declares: string[]; uses: string[] }[]>;
  sources(): Promise<string[]>;
  readSource(path: string): Promise<string>;
  writeSource(path: string, text: string): Promise<void>;
  resetSource(path?: string): Promise<void>;
}

export function createPageKernel(_assets: string): PageKernel {
  throw new Error("This build of the pages holds no kernel.");
}
