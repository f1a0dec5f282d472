import type { ConfigProblem } from "./config_problem.ts";
import type { Examined } from "./config_fields.ts";
import type { BrokerOptionName } from "./option_table.ts";

/** An option with the options that bound it; null where one side is open. */
interface Bounded {
  readonly name: BrokerOptionName;
  readonly min: BrokerOptionName | null;
  readonly max: BrokerOptionName | null;
}

/** Group options that lie between a least and a largest, which are options themselves. */
export const boundedGroupOptions: readonly Bounded[] = [
  bounded("group.consumer", "session.timeout.ms"),
  bounded("group.consumer", "heartbeat.interval.ms"),
  bounded("group.consumer", "assignment.interval.ms"),
  bounded("group.share", "session.timeout.ms"),
  bounded("group.share", "heartbeat.interval.ms"),
  bounded("group.share", "assignment.interval.ms"),
  bounded("group.share", "record.lock.duration.ms"),
  bounded("group.share", "delivery.count.limit"),
  bounded("group.share", "partition.max.record.locks"),
  bounded("group.streams", "session.timeout.ms"),
  bounded("group.streams", "heartbeat.interval.ms"),
  bounded("group.streams", "assignment.interval.ms"),
  {
    name: "group.streams.num.standby.replicas",
    min: null,
    max: "group.streams.max.standby.replicas",
  },
  {
    name: "group.streams.num.warmup.replicas",
    min: null,
    max: "group.streams.max.warmup.replicas",
  },
  {
    name: "group.streams.task.offset.interval.ms",
    min: "group.streams.min.task.offset.interval.ms",
    max: null,
  },
  { name: "group.share.max.size", min: null, max: "group.share.max.share.sessions" },
];

/** Assignors that exist, by group kind. */
export const knownAssignors = {
  "group.consumer.assignors": [
    "uniform",
    "range",
    "org.apache.kafka.coordinator.group.assignor.UniformAssignor",
    "org.apache.kafka.coordinator.group.assignor.RangeAssignor",
  ],
  "group.share.assignors": [
    "simple",
    "org.apache.kafka.coordinator.group.assignor.SimpleAssignor",
  ],
  "group.streams.assignors": [
    "sticky",
    "org.apache.kafka.coordinator.group.streams.assignor.StickyTaskAssignor",
  ],
} as const;

const CODEC_OPTIONS = [
  "offsets.topic.compression.codec",
  "share.coordinator.state.topic.compression.codec",
] as const;

/** Checks the options of groups and of the topics behind them against each other. */
export function checkGroups(examined: Examined): ConfigProblem | null {
  const { get, problem } = examined;
  for (const option of boundedGroupOptions) {
    const found = checkBounds(examined, option);
    if (found !== null) return found;
  }
  for (const kind of ["group.consumer", "group.share", "group.streams"] as const) {
    const session = get(`${kind}.session.timeout.ms`);
    if (get(`${kind}.heartbeat.interval.ms`) < session) continue;
    return problem(
      `${kind}.heartbeat.interval.ms`,
      `less than ${kind}.session.timeout.ms (${session})`,
    );
  }
  if (!get("group.coordinator.rebalance.protocols").includes("classic")) {
    return problem("group.coordinator.rebalance.protocols", "a list with classic");
  }
  for (const [name, known] of Object.entries(knownAssignors)) {
    const option = name as keyof typeof knownAssignors;
    const names: readonly string[] = known;
    if (!get(option).every((assignor) => names.includes(assignor))) {
      return problem(option, names.filter((assignor) => !assignor.includes(".")).join(", "));
    }
  }
  for (const name of CODEC_OPTIONS) {
    if (get(name) < 0 || get(name) > 4) {
      return problem(name, "0 (none), 1 (gzip), 2 (snappy), 3 (lz4) or 4 (zstd)");
    }
  }
  return null;
}

function checkBounds({ get, problem }: Examined, option: Bounded): ConfigProblem | null {
  const { name, min, max } = option;
  const value = Number(get(name));
  const least = min === null ? -Infinity : Number(get(min));
  const largest = max === null ? Infinity : Number(get(max));
  if (min !== null && max !== null && least > largest) {
    return problem(max, `at least ${min} (${least})`);
  }
  if (min !== null && value < least) return problem(name, `at least ${min} (${least})`);
  if (max !== null && value > largest) return problem(name, `at most ${max} (${largest})`);
  return null;
}

function bounded(
  kind: "group.consumer" | "group.share" | "group.streams",
  what: string,
): Bounded {
  return {
    name: `${kind}.${what}` as BrokerOptionName,
    min: `${kind}.min.${what}` as BrokerOptionName,
    max: `${kind}.max.${what}` as BrokerOptionName,
  };
}
