import type { ClientProperties } from "../admin/mod.ts";
import { UsageError } from "../command_error.ts";
import {
  type FlagSet,
  type FlagValues,
  integer,
  onOff,
  optionalText,
  text,
  texts,
} from "../flags.ts";

/** Codecs that a batch may be compressed with. */
export const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

const INT_MAX = 0x7fffffff;
const LINE_READERS =
  /^(?:org\.apache\.kafka\.tools\.|kafka\.tools\.ConsoleProducer\$)?LineMessageReader$/;

/** Flags that tell how to send; Kafka's own names, older spellings beside the new ones. */
export const sendFlags = {
  "compression-codec": optionalText(
    "codec",
    `How to compress batches: ${CODECS.join(", ")}; gzip when no codec follows. (default: none)`,
  ),
  "request-required-acks": text(
    "acks",
    "Who must have a record before it counts: 0 nobody, 1 the leader, all or -1 every replica in " +
      "sync. (default: all)",
    { allowed: ["0", "1", "-1", "all"] },
  ),
  sync: onOff("Send each line by itself and wait for it."),
  "batch-size": integer("bytes", "Most bytes of lines in one batch. (default: 16384)", {
    min: 0,
    max: INT_MAX,
  }),
  timeout: integer("ms", "Without effect here: a batch goes out when no more lines are waiting."),
  "message-send-max-retries": integer("n", "How often to try again. (default: 30)", {
    min: 0,
    max: INT_MAX,
  }),
  "retry-backoff-ms": integer(
    "ms",
    "How long to wait before that, twice as long each time up to 1000. (default: 100)",
    {
      min: 0,
      max: INT_MAX,
    },
  ),
  "request-timeout-ms": integer("ms", "How long an answer may take. (default: 30000)", {
    min: 1,
    max: INT_MAX,
  }),
  "max-block-ms": integer("ms", "How long to wait for a topic to be there. (default: 10000)", {
    min: 0,
    max: INT_MAX,
  }),
  "command-property": texts("name=value", "A producer property, such as acks=1."),
  "producer-property": texts("name=value", "As --command-property."),
  "producer.config": text("file", "As --command-config."),
  "max-memory-bytes": integer("bytes", "Without effect here: one batch at a time is in memory."),
  "max-partition-memory-bytes": integer("bytes", "As --batch-size.", { min: 0, max: INT_MAX }),
  "metadata-expiry-ms": integer("ms", "Without effect here."),
  "socket-buffer-size": integer("bytes", "Without effect here."),
  "line-reader": text("class", "Only Kafka's LineMessageReader is there."),
} as const satisfies FlagSet;

/** How records are sent. */
export interface SendSettings {
  readonly clientId: string;
  readonly acks: 0 | 1 | -1;
  readonly isIdempotent: boolean;
  readonly compression: typeof CODECS[number];
  readonly batchBytesMax: number;
  readonly lineBytesMax: number;
  readonly retries: number;
  readonly retryBackoffMs: number;
  readonly requestTimeoutMs: number;
  readonly maxBlockMs: number;
}

/**
 * Settings from flags, from properties where a flag is silent, and Kafka's defaults. Throws
 * UsageError and CommandError that name what cannot be used.
 */
export function sendSettings(
  flags: FlagValues<typeof sendFlags>,
  properties: ClientProperties,
): SendSettings {
  const reader = flags["line-reader"];
  if (reader !== null && !LINE_READERS.test(reader)) {
    throw new UsageError(
      `--line-reader ${reader}: allowed is LineMessageReader, Java classes are not`,
    );
  }
  const acksText = flags["request-required-acks"] ??
    properties.oneOf("acks", ["0", "1", "-1", "all"]) ?? "all";
  const acks = acksText === "all" ? -1 : Number(acksText) as 0 | 1 | -1;
  const idempotence = properties.oneOf("enable.idempotence", ["true", "false"]);
  const bounds = { min: 0, max: INT_MAX };
  return {
    clientId: properties.text("client.id") ?? "console-producer",
    acks,
    isIdempotent: acks === -1 && idempotence !== "false",
    compression: compressionOf(flags["compression-codec"], properties),
    batchBytesMax: flags["max-partition-memory-bytes"] ?? flags["batch-size"] ??
      properties.integer("batch.size", bounds) ?? 16384,
    lineBytesMax: properties.integer("max.request.size", bounds) ?? 1048576,
    retries: flags["message-send-max-retries"] ?? properties.integer("retries", bounds) ?? 30,
    retryBackoffMs: flags["retry-backoff-ms"] ??
      properties.integer("retry.backoff.ms", bounds) ?? 100,
    requestTimeoutMs: flags["request-timeout-ms"] ??
      properties.integer("request.timeout.ms", bounds) ?? 30_000,
    maxBlockMs: flags["max-block-ms"] ?? properties.integer("max.block.ms", bounds) ?? 10_000,
  };
}

/** `""` stands for the flag without a codec. */
function compressionOf(
  flag: string | null,
  properties: ClientProperties,
): typeof CODECS[number] {
  if (flag === null) return properties.oneOf("compression.type", CODECS) ?? "none";
  if (flag === "") return "gzip";
  const codec = CODECS.find((each) => each === flag.toLowerCase());
  if (codec !== undefined) return codec;
  throw new UsageError(`--compression-codec ${flag}: allowed are ${CODECS.join(", ")}`);
}
