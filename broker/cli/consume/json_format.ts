import type { ByteSink, ConsumedRecord, RecordFormat } from "./consumed_record.ts";

/**
 * One JSON object per line. Keys, values and header values are text where they are UTF-8; where not,
 * their field's name ends in `Base64` and they are in base64.
 */
export const jsonFormat: RecordFormat = {
  append(record: ConsumedRecord, out: ByteSink): void {
    const { topic, partition, offset, leaderEpoch, timestampMs, timestampType } = record;
    const json = {
      topic,
      partition,
      offset,
      leaderEpoch: leaderEpoch < 0 ? null : leaderEpoch,
      timestamp: timestampMs < 0 ? null : timestampMs,
      timestampType: timestampType === "NoTimestampType" ? null : timestampType,
      ...dataFields("key", record.key),
      ...dataFields("value", record.value),
      headers: record.headers.map(({ key, value }) => ({ key, ...dataFields("value", value) })),
    };
    out.writeText(`${JSON.stringify(json)}\n`);
  },
};

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function dataFields(name: string, bytes: Uint8Array | null): Record<string, string | null> {
  if (bytes === null) return { [name]: null };
  try {
    return { [name]: decoder.decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { [`${name}Base64`]: bytes.toBase64() };
  }
}
