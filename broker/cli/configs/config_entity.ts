import { UsageError } from "../command_error.ts";
import { type FlagSet, type FlagValues, onOff, text, texts } from "../flags.ts";

/** Kinds of things that have options, by the names that `--entity-type` takes. */
export type EntityType =
  | "topics"
  | "brokers"
  | "broker-loggers"
  | "groups"
  | "client-metrics"
  | "users"
  | "clients"
  | "ips";

/** What the options belong to: a name, the default of all (empty name), or every one (null). */
export interface ConfigEntity {
  readonly type: EntityType;
  readonly name: string | null;
}

const TYPES: readonly EntityType[] = [
  "topics",
  "brokers",
  "broker-loggers",
  "groups",
  "client-metrics",
  "users",
  "clients",
  "ips",
];

/** Flags that say what the options belong to, in Kafka's long and short ways. */
export const entityFlags = {
  broker: text("id", "A broker; short for --entity-type brokers --entity-name."),
  "broker-defaults": onOff("All brokers; short for --entity-type brokers --entity-default."),
  "broker-logger": text("id", "The loggers of a broker; short for --entity-type broker-loggers."),
  client: text("id", quotasOf("a client id", "clients", "name")),
  "client-defaults": onOff(quotasOf("all client ids", "clients", "default")),
  "client-metrics": text("name", "A client-metrics subscription."),
  "entity-default": onOff("What holds for all of the type."),
  "entity-name": texts("name", "The one whose options are meant."),
  "entity-type": texts("type", `What has the options: ${TYPES.join(", ")}.`),
  group: text("id", "A group; short for --entity-type groups --entity-name."),
  ip: text("address", quotasOf("an address", "ips", "name")),
  "ip-defaults": onOff(quotasOf("all addresses", "ips", "default")),
  topic: text("topic", "A topic; short for --entity-type topics --entity-name."),
  user: text("name", quotasOf("a user", "users", "name")),
  "user-defaults": onOff(quotasOf("all users", "users", "default")),
} as const satisfies FlagSet;

/**
 * What the flags mean: one entity, or a user and a client id together. Throws UsageError where they
 * mean nothing or too much.
 */
export function entitiesOf(flags: FlagValues<typeof entityFlags>): ConfigEntity[] {
  const entities = [...longForms(flags), ...shortForms(flags)];
  if (entities.length === 0) {
    throw new UsageError(`Say what has the options: --entity-type with ${TYPES.join(", ")}`);
  }
  const types = entities.map(({ type }) => type).sort().join(" and ");
  if (entities.length > 1 && types !== "clients and users") {
    throw new UsageError(`${types} do not go together: only users and clients do`);
  }
  return entities;
}

function quotasOf(whose: string, type: EntityType, flag: "name" | "default"): string {
  return `Quotas of ${whose}, which kafkats does not serve yet; ` +
    `short for --entity-type ${type} --entity-${flag}.`;
}

function longForms(flags: FlagValues<typeof entityFlags>): ConfigEntity[] {
  const types = flags["entity-type"];
  const names = flags["entity-name"];
  if (types.length === 0) {
    if (names.length > 0) throw new UsageError("--entity-name needs --entity-type");
    return [];
  }
  if (names.length > types.length) {
    throw new UsageError("Each --entity-name needs an --entity-type");
  }
  return types.map((type, i) => {
    if (!isEntityType(type)) {
      throw new UsageError(`--entity-type ${type}: allowed is ${TYPES.join(", ")}`);
    }
    const name = names[i];
    return { type, name: name ?? (flags["entity-default"] ? "" : null) };
  });
}

function shortForms(flags: FlagValues<typeof entityFlags>): ConfigEntity[] {
  const named = [
    ["topics", flags.topic],
    ["brokers", flags.broker],
    ["broker-loggers", flags["broker-logger"]],
    ["groups", flags.group],
    ["client-metrics", flags["client-metrics"]],
    ["users", flags.user],
    ["clients", flags.client],
    ["ips", flags.ip],
  ] as const;
  const defaults = [
    ["brokers", flags["broker-defaults"]],
    ["users", flags["user-defaults"]],
    ["clients", flags["client-defaults"]],
    ["ips", flags["ip-defaults"]],
  ] as const;
  return [
    ...named.flatMap(([type, name]) => name === null ? [] : [{ type, name }]),
    ...defaults.flatMap(([type, isGiven]) => isGiven ? [{ type, name: "" }] : []),
  ];
}

function isEntityType(text: string): text is EntityType {
  return (TYPES as readonly string[]).includes(text);
}
