/** Load on HTTP services by wrk, and what it costs them. */
import { cpuSeconds } from "./process_stats.ts";
import { output } from "../clients/suite.ts";

/** Requests that wrk sends, all alike. */
export interface HttpLoad {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly body?: string;
  readonly contentType?: string;
  readonly seconds?: number;
}

const CONNECTIONS = 16;
const SECONDS = 5;

/** CPU milliseconds of the process for each request, and requests a second. Fails when any is not answered 2xx. */
export async function cpuPerRequest(
  pid: number,
  load: HttpLoad,
): Promise<{ cpuMs: number; rate: number }> {
  // Both compilers see the work first.
  await wrk({ ...load, seconds: 2 });
  const before = await cpuSeconds(pid);
  const { requests, rate } = await wrk(load);
  return { cpuMs: (await cpuSeconds(pid) - before) * 1000 / requests, rate };
}

async function wrk(load: HttpLoad): Promise<{ requests: number; rate: number }> {
  const script = await Deno.makeTempFile({ prefix: "kafkats-wrk-", suffix: ".lua" });
  try {
    await Deno.writeTextFile(script, scriptOf(load));
    const seconds = load.seconds ?? SECONDS;
    const args = [`-c${CONNECTIONS}`, "-t1", `-d${seconds}s`, "-s", script, load.url];
    const text = await output("wrk", args);
    const refused = text.match(/Non-2xx or 3xx responses: (\d+)/);
    if (refused !== null) throw new Error(`${refused[1]} of wrk's requests were refused`);
    const requests = Number(text.match(/(\d+) requests in/)?.[1]);
    return { requests, rate: requests / seconds };
  } finally {
    await Deno.remove(script);
  }
}

function scriptOf({ method = "GET", body, contentType }: HttpLoad): string {
  const lines = [`wrk.method = ${JSON.stringify(method)}`];
  // A long bracket of Lua holds any text that has no such bracket in it.
  if (body !== undefined) lines.push(`wrk.body = [==[${body}]==]`);
  if (contentType !== undefined) {
    lines.push(`wrk.headers["Content-Type"] = ${JSON.stringify(contentType)}`);
  }
  return lines.join("\n");
}
