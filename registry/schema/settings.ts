import {
  flag,
  integer,
  list,
  type LoadedSettings,
  oneOf,
  readSettings,
  type SettingsInputs,
  text,
} from "../settings/mod.ts";
import { HTTP_OPTIONS } from "../http/mod.ts";

const LEVELS = [
  "none",
  "backward",
  "backward_transitive",
  "forward",
  "forward_transitive",
  "full",
  "full_transitive",
] as const;

/** Options of the schema registry, by the names that its users know. */
export const REGISTRY_OPTIONS = {
  ...HTTP_OPTIONS,
  "listeners": list(
    ["http://localhost:8081"],
    "Where it listens, as http://host:port or https://host:port.",
  ),
  "host.name": text(
    "",
    "The host by which other instances reach this one; empty: the one it listens on.",
  ),
  "kafkastore.bootstrap.servers": list(["localhost:9092"], "Brokers of the cluster, as host:port."),
  "kafkastore.topic": text("_schemas", "The topic that holds the schemas."),
  "kafkastore.topic.replication.factor": integer(
    3,
    "Replicas of the topic, where there are as many brokers.",
    {
      min: 1,
      max: 32767,
    },
  ),
  "kafkastore.timeout.ms": integer(5000, "How long a write to the topic may take.", { min: 1 }),
  "kafkastore.init.timeout.ms": integer(60_000, "How long the start may wait for the cluster.", {
    min: 1,
  }),
  "kafkastore.write.max.retries": integer(
    5,
    "How often a write is decided anew after another instance's.",
    {
      max: 100,
    },
  ),
  "schema.registry.group.id": text(
    "schema-registry",
    "The group in which the instances elect the primary.",
  ),
  "leader.eligibility": flag(true, "Whether this instance may take writes."),
  "leader.election.sticky": flag(true, "Whether a primary stays it while it lives."),
  "leader.read.timeout.ms": integer(
    60_000,
    "How long the primary may take for a forwarded request.",
    { min: 1 },
  ),
  "inter.instance.protocol": oneOf("http", ["http", "https"], "How instances reach each other."),
  "mode.mutability": flag(true, "Whether modes may be changed."),
  "schema.compatibility.level": oneOf("backward", LEVELS, "Compatibility where no scope sets one."),
  "schema.validate.fields": flag(
    false,
    "Whether reserved field names are minded where no scope says.",
  ),
  "schema.validate.new.schemas": flag(true, "Whether new schemas are held to strict rules."),
  "schema.reject.empty.subject": flag(false, "Whether the subject of no name is refused."),
  "schema.cache.size": integer(1000, "Parsed schemas that are kept.", { min: 1, max: 1_000_000 }),
  "schema.search.default.limit": integer(1000, "Schemas in a list that names no limit.", {
    min: 1,
  }),
  "schema.search.max.limit": integer(1000, "The most schemas in a list.", { min: 1 }),
  "schema.max.length": integer(
    1_000_000,
    "The longest text of a schema, in characters; a record of the topic must hold it.",
    { min: 1 },
  ),
  "max.request.bytes": integer(16 * 1024 * 1024, "The largest body of a request.", { min: 1024 }),
} as const;

/** Options as they were read. */
export type RegistrySettings = LoadedSettings<typeof REGISTRY_OPTIONS>;

/** Reads the options; throws SettingsError naming the one at fault. */
export function loadRegistrySettings(inputs: SettingsInputs): RegistrySettings {
  return readSettings({
    table: REGISTRY_OPTIONS,
    environmentPrefix: "SCHEMA_REGISTRY_",
    formerNames: {
      "schema.registry.compatibility.level": "schema.compatibility.level",
      "avro.compatibility.level": "schema.compatibility.level",
    },
    passedOn: ["kafkastore."],
  }, inputs);
}
