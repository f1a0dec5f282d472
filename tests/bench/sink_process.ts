/** The bare limit in a process of its own, as a broker is. */
import { CheckError } from "../clients/suite.ts";

/** A running sink. */
export interface Sink extends AsyncDisposable {
  readonly bootstrap: string;
  readonly pid: number;
}

const START_MS_MAX = 20_000;

/** Starts the sink on a free port and a fresh directory. */
export async function startSink(): Promise<Sink> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const directory = await Deno.makeTempDir({ prefix: "kafkats-sink-" });
  const program = new URL("limit_sink.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, String(port), directory],
    stdin: "null",
    stdout: "null",
  }).spawn();
  const deadline = performance.now() + START_MS_MAX;
  for (;;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      break;
    } catch {
      if (performance.now() > deadline) throw new CheckError("the sink does not listen");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    bootstrap: `127.0.0.1:${port}`,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await Deno.remove(directory, { recursive: true });
    },
  };
}
