/** `npm start`: opens the course in Jupyter. */
import { parseArgs } from "node:util";
import { notebookPath } from "../../notebooks";
import { aborted, runCommand, Trouble } from "../command";
import { choosePort, findOrMakeJupyter, hasDisplay, openBrowser, startServer } from "../start";

const help = `npm start [-- options]    opens the course in Jupyter

  --port N          use this port (otherwise the first free one from 8888 on)
  --no-browser      print the address, and do not open a browser
  --jupyter PATH    use this jupyter, jupyter-lab or jupyter-notebook
                    (otherwise one on the PATH, or JupyterLab in .venv, installed if it is missing)
  --help            print this`;

interface Options {
  port?: number;
  browser: boolean;
  jupyter?: string;
  help: boolean;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string" },
        "no-browser": { type: "boolean", default: false },
        jupyter: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const browser = !values["no-browser"];
    return { port: readPort(values.port), browser, jupyter: values.jupyter, help: values.help };
  } catch (error) {
    if (error instanceof Trouble) throw error;
    const reason = (error as Error).message.replace(/\.? To specify.*$/s, "");
    throw new Trouble(`${reason}.\n\n${help}`);
  }
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw new Trouble(`--port takes a whole number from 1 to 65535, not ${JSON.stringify(text)}.`);
}

runCommand(async () => {
  const options = readOptions();
  if (options.help) {
    console.log(help);
    return;
  }
  // Until the server runs, these signals end us, and whatever is being installed, by themselves.
  const jupyter = await findOrMakeJupyter(options.jupyter);
  const port = await choosePort(options.port);
  if (options.port === undefined && port !== 8888)
    console.log(`Port 8888 is taken: using ${port}.`);
  console.log(`Starting ${jupyter.application} ${jupyter.version} …`);

  const leaving = new AbortController();
  const leave = () => leaving.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, leave);
  // npm and its shell may be ended without telling us.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) leave();
  }, 1000);
  watch.unref();

  const server = await startServer(jupyter, { port, signal: leaving.signal });
  const address = server.addressOf(notebookPath("start-here"));
  const opened = options.browser && hasDisplay() && (await openBrowser(address));
  console.log(`${opened ? "The course opens at" : "Open this address in a browser:"} ${address}`);
  console.log("Ctrl-C ends it.");

  await Promise.race([aborted(leaving.signal), server.ended]);
  await server.stop();
  console.log("Jupyter has ended.");
  // Signals that come again, as from an impatient Ctrl-C, find nothing left to do.
  process.exit(0);
});
