import { type Call, fill, mask, parseSession, partOf } from "./golden_session.ts";
import { type BrokerSuite, CheckError, output, runCheck } from "./suite.ts";
import { startTestServices } from "./test_services.ts";

const SECONDS_MAX = 20;
/** What a session of one service is called, and the service whose document it covers. */
const SESSIONS = [["registry", "registry"], ["rest_v2", "rest"], ["rest_v3", "rest"]] as const;
const SERVICES = ["registry", "rest"] as const;

/** curl for every documented call of both services: status, type and text of each answer are held to what is written. */
export const curlGolden: BrokerSuite = {
  name: "curl-golden",
  async prepare() {
    const found = await output("curl", ["--version"], { anyCode: true }).catch(() => "");
    return found.startsWith("curl ") ? null : "curl is not installed";
  },
  /** The answers tell of the broker beside, so that it is always ours. */
  async runBrokers(_apache, tell) {
    await using services = await startTestServices();
    const urls = { registry: services.registryUrl, rest: services.restUrl };
    const clusters = await output("curl", ["-sS", `${urls.rest}/v3/clusters`]);
    const cluster = String(partOf(clusters, "data.0.cluster_id"));
    const made: Record<string, Call[]> = { registry: [], rest: [] };
    for (const [session, service] of SESSIONS) {
      const calls = parseSession(
        await Deno.readTextFile(new URL(`golden/${session}.txt`, import.meta.url)),
      );
      const names = new Map([...Object.entries(urls), ["cluster", cluster]]);
      for (const call of calls) {
        await runCheck(tell, `${session}: ${call.name}`, () => hold(call, urls[service], names));
      }
      made[service]!.push(...calls);
    }
    for (const service of SERVICES) {
      await runCheck(tell, `${service}: every documented call is made`, async () => {
        const missed = unmade(
          await output("curl", ["-sS", `${urls[service]}/openapi.json`]),
          made[service]!,
        );
        if (missed.length > 0) throw new CheckError(`never made: ${missed.join(", ")}`);
      });
    }
  },
};

async function hold(call: Call, url: string, names: Map<string, string>): Promise<void> {
  const answer = await answerOf(call, url, names);
  if (answer === call.answer) return;
  throw new CheckError(`wanted: ${call.answer}\ngot:    ${answer}`);
}

/** The masked answer of a call, as sessions write it; learns the names that the call asks to keep. */
export async function answerOf(
  call: Call,
  url: string,
  names: Map<string, string>,
): Promise<string> {
  const again = call.asks.get("while");
  const deadline = performance.now() + SECONDS_MAX * 1000;
  let [status, body] = await curl(call, url, names);
  while (again !== undefined && body.trimEnd() === again && performance.now() < deadline) {
    [status, body] = await curl(call, url, names);
  }
  const kept = call.asks.get("keep")?.split(" ");
  if (kept) names.set(kept[0]!, String(partOf(body, kept[1]!)));
  if (call.asks.has("hide")) return `${status}\n(hidden)`;
  const shown = call.asks.get("show");
  const text = shown === undefined ? body : JSON.stringify(partOf(body, shown));
  return mask(`${status}\n${text}`, names).trimEnd();
}

/** Status with the type, and the body. */
async function curl(
  call: Call,
  url: string,
  names: ReadonlyMap<string, string>,
): Promise<[string, string]> {
  const seconds = call.asks.get("seconds");
  const args = ["-sS", "-N", "--path-as-is", "-g", "-X", call.method];
  args.push("-m", seconds ?? String(SECONDS_MAX), "-w", "\n%{http_code} %{content_type}");
  for (const header of call.headers) args.push("-H", fill(header, names));
  if (call.method === "HEAD") args.push("-I", "-o", "/dev/null");
  if (call.body !== null) args.push("--data-binary", "@-");
  const text = await output("curl", [...args, url + fill(call.path, names)], {
    ...(call.body === null ? {} : { stdin: fill(call.body, names) }),
    // An endless answer is cut.
    anyCode: seconds !== undefined,
  });
  const printed = seconds === undefined ? text : text.replace(/curl: \(28\) .*\n?$/, "");
  const at = printed.lastIndexOf("\n");
  return [printed.slice(at + 1).trimEnd(), printed.slice(0, at)];
}

/** The calls of an OpenAPI document that are not among those made, as `METHOD /path`. */
function unmade(document: string, calls: readonly Call[]): string[] {
  const { paths } = JSON.parse(document) as { paths: Record<string, Record<string, unknown>> };
  const wanted = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path }))
  );
  return wanted.filter(({ method, path }) => {
    const pattern = RegExp.escape(path).replaceAll(/\\\{\w+\\\}/g, "[^/]+");
    const whole = new RegExp(`^${pattern}$`);
    return !calls.some((call) => call.method === method && whole.test(call.path.split("?")[0]!));
  }).map(({ method, path }) => `${method} ${path}`);
}
