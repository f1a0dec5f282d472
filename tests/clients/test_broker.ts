/**
 * A broker in a process of its own, ours or Apache Kafka's, that a test may kill and start again on
 * its data.
 */
import { freePortPair, oneNodeProperties, type Properties } from "../one_node.ts";
import { kafkaTool } from "./prepare.ts";
import { CheckError, linesOf, output } from "./suite.ts";

/** A broker that was started, or, from {@linkcode prepareTestBroker}, can be. */
export interface TestBroker extends AsyncDisposable {
  readonly port: number;
  readonly bootstrap: string;
  /** Holds the data directory `data` and `broker.log`. */
  readonly directory: string;
  /** The process id of the broker now. */
  readonly pid: number;
  /** Ends it at once, as a crash would (SIGKILL). */
  kill(): Promise<void>;
  /** Ends it cleanly (SIGTERM). */
  stop(): Promise<void>;
  /** Starts it, again or for the first time, on its port and data; resolves when it listens. */
  restart(): Promise<void>;
}

/** Which broker to start, and how. */
export interface TestBrokerOptions {
  readonly apache: boolean;
  /** Where it lives; default: a temporary directory, removed at the end. */
  readonly directory?: string;
  /** Further properties. */
  readonly properties?: Properties;
}

const START_MS_MAX = 60_000;
const STOP_MS_MAX = 60_000;

/** Starts a broker and waits until it listens. */
export async function startTestBroker(options: TestBrokerOptions): Promise<TestBroker> {
  const broker = await prepareTestBroker(options);
  try {
    await broker.restart();
    return broker;
  } catch (error) {
    await broker[Symbol.asyncDispose]();
    throw error;
  }
}

/** Everything of a broker but its start; Apache Kafka's data directory is formatted. */
export async function prepareTestBroker(options: TestBrokerOptions): Promise<TestBroker> {
  const directory = options.directory ?? await Deno.makeTempDir({ prefix: "kafkats-test-" });
  await Deno.mkdir(directory, { recursive: true });
  const port = freePortPair();
  const control = options.apache
    ? new ApacheProcess(directory, port, options.properties ?? {})
    : new KafkatsProcess(directory, port, options.properties ?? {});
  await control.prepare();
  return {
    port,
    bootstrap: `127.0.0.1:${port}`,
    directory,
    get pid() {
      return control.pid;
    },
    kill: () => control.end("SIGKILL"),
    stop: () => control.end("SIGTERM"),
    restart: () => control.start(),
    async [Symbol.asyncDispose]() {
      await control.end("SIGTERM").catch(() => control.end("SIGKILL"));
      if (options.directory === undefined) await Deno.remove(directory, { recursive: true });
    },
  };
}

/** The settings of a one-node cluster, alike for both brokers. */
function propertiesText(directory: string, port: number, more: Properties): string {
  const properties = { ...oneNodeProperties(port, `${directory}/data`), ...more };
  return Object.entries(properties).map(([name, value]) => `${name}=${value}\n`).join("");
}

/**
 * The command line that is `kafkats`: from source, or the executable that `KAFKATS_PROGRAM` names, so
 * that a compiled one can be put to the same tests.
 */
export function kafkatsCommand(): string[] {
  const program = Deno.env.get("KAFKATS_PROGRAM");
  if (program !== undefined) return [program];
  return [Deno.execPath(), "run", "-A", new URL("../../main.ts", import.meta.url).pathname];
}

async function untilListening(port: number, gone: () => boolean): Promise<boolean> {
  const deadline = performance.now() + START_MS_MAX;
  while (performance.now() < deadline && !gone()) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20)); // Not yet.
    }
  }
  return false;
}

class KafkatsProcess {
  pid = 0;
  readonly #directory: string;
  readonly #port: number;
  #child: Deno.ChildProcess | null = null;
  #exited: Promise<unknown> = Promise.resolve();
  readonly #properties: string;

  constructor(directory: string, port: number, properties: Properties) {
    this.#directory = directory;
    this.#port = port;
    this.#properties = propertiesText(directory, port, properties);
  }

  async prepare(): Promise<void> {
    await Deno.writeTextFile(`${this.#directory}/server.properties`, this.#properties);
  }

  async start(): Promise<void> {
    const file = `${this.#directory}/server.properties`;
    const [program, ...args] = kafkatsCommand();
    const child = new Deno.Command(program!, {
      args: [...args, "broker", file],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let gone = false;
    const log = Promise.all([linesOf(child.stdout), linesOf(child.stderr)]);
    this.#exited = Promise.all([child.status, log]).then(async ([, lines]) => {
      gone = true;
      const text = lines.flat().map((line) => `${line}\n`).join("");
      await Deno.writeTextFile(`${this.#directory}/broker.log`, text, { append: true });
    });
    this.#child = child;
    this.pid = child.pid;
    if (await untilListening(this.#port, () => gone)) return;
    if (!gone) await this.end("SIGKILL");
    await this.#exited;
    const said = await Deno.readTextFile(`${this.#directory}/broker.log`);
    throw new CheckError(`kafkats does not listen on port ${this.#port}: ${said.slice(-1500)}`);
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    try {
      child.kill(signal);
    } catch {
      // It has ended by itself.
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const why = `kafkats did not end within ${STOP_MS_MAX} ms after ${signal}`;
      timer = setTimeout(() => reject(new CheckError(why)), STOP_MS_MAX);
    });
    try {
      await Promise.race([this.#exited, late]);
    } finally {
      clearTimeout(timer);
    }
    this.#child = null;
  }
}

class ApacheProcess {
  pid = 0;
  readonly #directory: string;
  readonly #port: number;
  readonly #properties: string[];

  constructor(directory: string, port: number, properties: Properties) {
    this.#directory = directory;
    this.#port = port;
    this.#properties = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
  }

  async prepare(): Promise<void> {
    const args = ["format", this.#directory, String(this.#port), ...this.#properties];
    await output(kafkaTool, args);
  }

  async start(): Promise<void> {
    const args = ["start", this.#directory, String(this.#port), ...this.#properties];
    // The script leaves the broker running with its own output; only the process id is printed.
    this.pid = Number((await output(kafkaTool, args)).trim());
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (this.pid === 0) return;
    await output(kafkaTool, [signal === "SIGTERM" ? "stop" : "kill", this.#directory]);
    this.pid = 0;
  }
}
