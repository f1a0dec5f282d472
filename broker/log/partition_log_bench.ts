/** `deno bench -A broker/log`: what the log costs beside the system call and the checksum it needs. */
import { loadHardwareCrc32c } from "../base/crc32c.ts";
import { SeededPrng, systemClock, systemDisk } from "../base/mod.ts";
import { BatchBuilder } from "../protocol/records/mod.ts";
import { DEFAULT_LOG_SETTINGS, LogManager, silentLogger } from "./mod.ts";

await loadHardwareCrc32c();
const directory = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));

const manager = new LogManager({
  disk: systemDisk,
  clock: systemClock,
  prng: new SeededPrng(1),
  logger: silentLogger,
  directories: [directory],
  nodeId: 1,
  settingsFor: () => ({ ...DEFAULT_LOG_SETTINGS, segmentBytes: 256 * 1024 * 1024 }),
});
await manager.open();

const log = manager.create("bench", 0, "AAAAAAAAAAAAAAAAAAAAAQ");
const nowMs = Date.now();
const records = batchOf(15, 1024);
const raw = systemDisk.open(`${directory}/raw`, { write: true, create: true });
const buffer = new Uint8Array(1024 * 1024);
let rawPosition = 0;
let fetchOffset = 0;

function batchOf(count: number, valueBytes: number): Uint8Array {
  const builder = new BatchBuilder({ sizeHintBytes: count * (valueBytes + 16) });
  for (let index = 0; index < count; index++) {
    builder.append(nowMs, null, new Uint8Array(valueBytes).fill(index));
  }
  return builder.build();
}

function append(): void {
  // The log has set its own offset in the batch; a producer sends 0.
  records.fill(0, 0, 8);
  const { errorCode, lastOffset } = log.appendAsLeader(records, {
    leaderEpoch: 0,
    origin: "client",
    nowMs,
  });
  if (errorCode !== 0) throw new Error(`Append failed with ${errorCode}`);
  log.advanceHighWatermark(lastOffset + 1);
}

function read(maxBytes: number): number {
  const { slice } = log.read({
    fetchOffset,
    maxBytes,
    upperBoundOffset: log.highWatermark,
    minOneBatch: true,
  });
  if (slice === null) return 0;
  slice.read(buffer.subarray(0, slice.sizeBytes), 0);
  return slice.sizeBytes;
}

Deno.bench({ name: "a bare write of 15 KiB", group: "append", baseline: true }, () => {
  raw.write(records, rawPosition);
  rawPosition = (rawPosition + records.length) % (256 * 1024 * 1024);
});

Deno.bench({ name: "append a batch of 15 records, 15 KiB", group: "append" }, append);

Deno.bench("append, then read it as one who follows the log", () => {
  fetchOffset = log.logEndOffset;
  append();
  read(buffer.length);
});

Deno.bench("read 1 MiB further back", () => {
  fetchOffset = (fetchOffset + 990) % log.logEndOffset;
  read(buffer.length);
});
