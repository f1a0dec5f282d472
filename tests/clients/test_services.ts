/**
 * Schema registry and REST proxy in a process of their own, beside a broker: `kafkats up`, from source or from
 * the executable that KAFKATS_PROGRAM names, on ports that the system chooses.
 */
import { freePortPair, oneNodeProperties } from "../one_node.ts";
import { kafkatsCommand } from "./test_broker.ts";
import { CheckError, linesIn, linesOf } from "./suite.ts";

/** What `kafkats up` runs. */
export interface TestServices extends AsyncDisposable {
  readonly bootstrap: string;
  readonly registryUrl: string;
  readonly restUrl: string;
  readonly pid: number;
  /** Ends it cleanly (SIGTERM); gives its exit code. */
  stop(): Promise<number>;
}

/** How to start them. */
export interface TestServicesOptions {
  /** A broker that runs already, of any make; default: one of ours comes with the services. */
  readonly bootstrap?: string;
  /** The command line that is `kafkats`; default: {@linkcode kafkatsCommand}. */
  readonly program?: readonly string[];
  /** More of `up`'s flags. */
  readonly flags?: readonly string[];
}

const PARTS = ["broker", "registry", "rest"] as const;

/** Starts `kafkats up` and waits until every part has told its address. */
export async function startTestServices(options: TestServicesOptions = {}): Promise<TestServices> {
  const directory = await Deno.makeTempDir({ prefix: "kafkats-up-" });
  const parts = options.bootstrap === undefined ? PARTS : PARTS.slice(1);
  const [program, ...args] = options.program ?? kafkatsCommand();
  const child = new Deno.Command(program!, {
    args: [...args, "up", ...await flagsOf(directory, options), ...options.flags ?? []],
    cwd: directory,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaints = linesOf(child.stderr);
  const addresses = new Map<string, string>();
  const said: string[] = [];
  const lines = linesIn(child.stdout)[Symbol.asyncIterator]();
  while (addresses.size < parts.length) {
    const { value, done } = await lines.next();
    if (done) {
      const text = [...said, ...await complaints].slice(-20).join("\n");
      await Deno.remove(directory, { recursive: true });
      throw new CheckError(`kafkats up ended before it served: ${text}`);
    }
    said.push(value);
    const [name = "", address = ""] = value.split(/\s+/);
    if ((parts as readonly string[]).includes(name)) addresses.set(name, address);
  }
  const rest = drain(lines);
  let ended: Promise<number> | null = null;
  async function end(): Promise<number> {
    child.kill("SIGTERM");
    const { code } = await child.status;
    await Promise.all([rest, complaints]);
    await Deno.remove(directory, { recursive: true });
    return code;
  }
  const stop = () => ended ??= end();
  return {
    bootstrap: addresses.get("broker") ?? options.bootstrap!,
    registryUrl: addresses.get("registry")!,
    restUrl: addresses.get("rest")!,
    pid: child.pid,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** Flags that keep it to itself: its own data, ports that nobody else has. */
async function flagsOf(directory: string, options: TestServicesOptions): Promise<string[]> {
  const ports = ["--registry-port", "0", "--rest-port", "0"];
  if (options.bootstrap !== undefined) {
    return [
      ...ports,
      "--only=registry,rest",
      `--registry-override=kafkastore.bootstrap.servers=${options.bootstrap}`,
      `--rest-override=bootstrap.servers=${options.bootstrap}`,
    ];
  }
  const properties = oneNodeProperties(freePortPair(), `${directory}/data`);
  const text = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`).join("");
  await Deno.writeTextFile(`${directory}/server.properties`, text);
  return ["server.properties", ...ports];
}

async function drain(lines: AsyncIterator<string>): Promise<void> {
  while (!(await lines.next()).done);
}
