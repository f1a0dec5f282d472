import { HTTP_OPTIONS } from "../http/mod.ts";
import {
  flag,
  integer,
  list,
  type LoadedSettings,
  readSettings,
  type SettingsInputs,
  text,
} from "../settings/mod.ts";

const MIB = 1024 * 1024;
/** The longest time that a timer can be set to. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Options of the REST proxy, by the names that its users know. */
export const REST_OPTIONS = {
  ...HTTP_OPTIONS,
  "id": text("", "Tells instances of the proxy apart: part of the names of consumer instances."),
  "bootstrap.servers": list(["localhost:9092"], "Brokers of the cluster, as host:port."),
  "listeners": list(
    ["http://localhost:8082"],
    "Where it listens, as http://host:port or https://host:port.",
  ),
  "advertised.listeners": list(
    [],
    "What answers name as the proxy's address; empty: the address that the request came to.",
  ),
  "host.name": text("", "The host that answers name; empty: the one that the request came to."),
  "schema.registry.url": list(
    ["http://localhost:8081"],
    "Schema registries of one group, the preferred first.",
  ),
  "schema.registry.request.timeout.ms": integer(
    10_000,
    "How long one registry may take for an answer.",
    { min: 1, max: TIMER_MS_MAX },
  ),
  "schema.cache.size": integer(1000, "Schemas that are kept with their codecs.", {
    min: 1,
    max: 1_000_000,
  }),
  "schema.latest.cache.ms": integer(
    30_000,
    "How long the latest version of a subject is taken as such without asking again.",
    { max: TIMER_MS_MAX },
  ),
  "api.v2.enable": flag(true, "Whether v2 is served."),
  "api.v3.enable": flag(true, "Whether v3 is served."),
  "api.endpoints.allowlist": list(
    [],
    "Names of the endpoints that are served, such as api.v3.topics.*; empty: all.",
  ),
  "api.endpoints.blocklist": list([], "Names of endpoints that are not served."),
  "consumer.instance.timeout.ms": integer(
    300_000,
    "How long a consumer instance may be idle before it is removed.",
    { min: 1 },
  ),
  "consumer.instances.max": integer(1000, "Consumer instances at a time.", { min: 1 }),
  "consumer.instance.requests.max": integer(
    64,
    "Requests that may wait for the one that a consumer instance serves.",
    { min: 1 },
  ),
  "consumer.request.timeout.ms": integer(1000, "How long a read of records lasts at most.", {
    min: 1,
    max: TIMER_MS_MAX,
  }),
  "consumer.request.max.bytes": integer(
    64 * MIB,
    "Bytes of keys and values that a read of records gives at most.",
    { min: 1, max: 512 * MIB },
  ),
  "fetch.min.bytes": integer(
    -1,
    "Bytes with which a read of records is content before its time is over; -1: none are enough.",
    { min: -1, max: 10_000_000 },
  ),
  "consumer.threads": integer(50, "Known for the sake of others' files; reads need no threads.", {
    min: -1,
  }),
  "producer.threads": integer(5, "Known for the sake of others' files; writes need no threads."),
  "client.init.timeout.ms": integer(
    60_000,
    "How long a call may look for a broker that can be reached.",
    { min: 1, max: TIMER_MS_MAX },
  ),
  "client.timeout.ms": integer(500, "How long a topic may be unknown before a produce fails.", {
    min: 1,
    max: TIMER_MS_MAX,
  }),
  "api.v3.produce.batch.maximum.entries": integer(10, "Records in a batch of v3.", { min: 1 }),
  "api.v3.produce.request.size.limit.max.bytes": integer(
    0,
    "The largest request of a v3 produce; 0: no limit beside the broker's.",
  ),
  "streaming.connection.max.duration.ms": integer(
    86_400_000,
    "How long a stream of v3 produce requests may last.",
    { min: 1, max: TIMER_MS_MAX },
  ),
  "streaming.connection.max.duration.grace.period.ms": integer(
    500,
    "How long such a stream is still answered behind its end.",
    { max: TIMER_MS_MAX },
  ),
  "max.request.bytes": integer(64 * MIB, "The largest body of a request.", {
    min: 1024,
    max: 512 * MIB,
  }),
} as const;

/** Options as they were read. */
export type RestSettings = LoadedSettings<typeof REST_OPTIONS>;

/** What each option came to. */
export type RestOptions = RestSettings["settings"];

/** Beginnings of the names of options that pass on to the client of Kafka, its parts, or the registry's. */
const PASSED_ON = ["client.", "producer.", "consumer.", "admin.", "schema.registry."];

/** Reads the options; throws SettingsError naming the one at fault. */
export function loadRestSettings(inputs: SettingsInputs): RestSettings {
  return readSettings({
    table: REST_OPTIONS,
    environmentPrefix: "KAFKA_REST_",
    passedOn: PASSED_ON,
  }, inputs);
}

/** The options that pass on under a prefix, without it. */
export function passedOnUnder(
  { passedOn }: RestSettings,
  prefix: string,
): Readonly<Record<string, string>> {
  const found = [...passedOn].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}
