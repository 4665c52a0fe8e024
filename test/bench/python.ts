/** Talks to peers.py, one line of JSON each way. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A network that learns in Python. */
export interface PythonLearner {
  /** @param shuffled whether each epoch takes the samples in a new order */
  run(epochs: number, shuffled: boolean): Promise<number>;
  outputs(): number[];
}

export interface Python {
  make(task: object): Promise<PythonLearner>;
  end(): void;
}

export function startPython(command: string, script: string): Python {
  const child = spawn(command, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const askFor = async (question: object) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error("Python ended before it had answered; what it said stands above.");
    return JSON.parse(value);
  };
  return {
    async make(task) {
      const { id } = await askFor({ make: task });
      let outputs: number[] = [];
      return {
        async run(epochs, shuffled) {
          const answer = await askFor({ run: id, epochs, shuffled });
          outputs = answer.outputs;
          return answer.seconds;
        },
        outputs: () => outputs,
      };
    },
    end: () => child.stdin.end(),
  };
}
