import type { ConfigProblem } from "./config_problem.ts";
import type { Derived, Examined } from "./config_fields.ts";

const MIB = 1_048_576;

/** Checks times, sizes and limits that must fit each other, as a Kafka node does before it starts. */
export function checkLimits(examined: Examined, derived: Derived): ConfigProblem | null {
  return checkLog(examined, derived) ?? checkConnections(examined, derived) ??
    checkReplication(examined) ?? checkClasses(examined);
}

function checkLog({ get, text, problem }: Examined, derived: Derived): ConfigProblem | null {
  if (derived.logRollMs < 1) return problem("log.roll.ms", "1 or more");
  if (derived.logRollJitterMs < 0) return problem("log.roll.jitter.ms", "0 or more");
  if (derived.logRetentionMs === 0) {
    const names = ["log.retention.ms", "log.retention.minutes", "log.retention.hours"] as const;
    const name = names.find((name) => text(name) !== null) ?? "log.retention.ms";
    return problem(name, "1 or more, or -1 for no limit");
  }
  const threads = get("log.cleaner.threads");
  if (threads === 0) return problem("log.cleaner.threads", "1 or more");
  if (Math.trunc(get("log.cleaner.dedupe.buffer.size") / threads) <= MIB) {
    return problem("log.cleaner.dedupe.buffer.size", `more than ${MIB} for each cleaner thread`);
  }
  const cordoned = get("cordoned.log.dirs") ?? [];
  if (cordoned.includes("*")) {
    return cordoned.length === 1 ? null : problem("cordoned.log.dirs", "* alone, or directories");
  }
  return cordoned.every((directory) => derived.logDirs.includes(directory))
    ? null
    : problem("cordoned.log.dirs", `directories of log.dirs (${derived.logDirs.join(", ")})`);
}

function checkConnections({ get, problem }: Examined, derived: Derived): ConfigProblem | null {
  const queued = get("queued.max.request.bytes");
  const largest = get("socket.request.max.bytes");
  if (queued > 0 && queued < largest) {
    return problem(
      "queued.max.request.bytes",
      `at least socket.request.max.bytes (${largest}), or -1 for no limit`,
    );
  }
  if (get("max.connections.per.ip") === 0 && derived.maxConnectionsPerIpOverrides.size === 0) {
    return problem(
      "max.connections.per.ip",
      "1 or more; 0 only where max.connections.per.ip.overrides lets someone in",
    );
  }
  const idle = get("connections.max.idle.ms");
  return idle < 0 || get("connection.failed.authentication.delay.ms") < idle ? null : problem(
    "connection.failed.authentication.delay.ms",
    `less than connections.max.idle.ms (${idle})`,
  );
}

function checkReplication({ get, problem }: Examined): ConfigProblem | null {
  const wait = get("replica.fetch.wait.max.ms");
  if (wait > get("replica.socket.timeout.ms")) {
    return problem("replica.socket.timeout.ms", `at least replica.fetch.wait.max.ms (${wait})`);
  }
  return wait > get("replica.lag.time.max.ms")
    ? problem("replica.lag.time.max.ms", `at least replica.fetch.wait.max.ms (${wait})`)
    : null;
}

/** Java classes that decide something: leaving one out would change who may do what. */
const DECIDING_CLASSES = [
  "alter.config.policy.class.name",
  "client.quota.callback.class",
  "create.topic.policy.class.name",
  "principal.builder.class",
  "sasl.client.callback.handler.class",
  "sasl.login.callback.handler.class",
  "sasl.login.class",
  "sasl.server.callback.handler.class",
  "ssl.engine.factory.class",
] as const;

const DEFAULT_PRINCIPAL_BUILDER =
  "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder";

function checkClasses({ get, problem }: Examined): ConfigProblem | null {
  for (const name of DECIDING_CLASSES) {
    const isPrincipal = name === "principal.builder.class";
    if (get(name) === (isPrincipal ? DEFAULT_PRINCIPAL_BUILDER : null)) continue;
    return problem(
      name,
      `${isPrincipal ? DEFAULT_PRINCIPAL_BUILDER : "nothing"}: kafkats loads no Java classes`,
    );
  }
  return null;
}
