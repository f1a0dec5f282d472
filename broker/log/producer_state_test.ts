import { assert, assertEquals, assertThrows } from "@std/assert";
import { batch, concat } from "../../tests/disk/test_log.ts";
import { SimulatedDisk } from "../../tests/disk/simulated_disk.ts";
import { errorCodes, errorName } from "../protocol/errors.ts";
import { type AppendOrigin, BatchCursor, encodeEndTxnMarker } from "../protocol/records/mod.ts";
import {
  decodeProducerSnapshot,
  encodeProducerSnapshot,
  javaHashOrder,
} from "./producer_snapshot.ts";
import { ProducerSnapshots } from "./producer_snapshots.ts";
import { ProducerState } from "./producer_state.ts";
import { FileFormatError } from "./small_file.ts";

/** A state with its log's end, fed as a log does. */
class Fed {
  readonly disk = new SimulatedDisk();
  readonly state: ProducerState;
  end = 0;

  constructor() {
    this.disk.makeDirectory("/d");
    this.state = new ProducerState(new ProducerSnapshots(this.disk, "/d", []));
  }

  /** Appends batches; returns the name of the error, or `duplicate of N`, or the index entries. */
  append(records: Uint8Array, origin: AppendOrigin = "client"): string {
    const cursor = new BatchCursor().reset(records);
    let next = this.end;
    while (cursor.next()) {
      cursor.setBaseOffset(next);
      next = cursor.lastOffset + 1;
      const known = origin === "client" ? this.state.duplicateOf(cursor) : null;
      if (known !== null) return `duplicate of ${known.lastOffset - known.offsetDelta}`;
      const code = this.state.stage(cursor, origin);
      if (code !== errorCodes.NONE) {
        this.state.discard();
        return errorName(code);
      }
    }
    const aborts = this.state.stagedAborts();
    this.state.commit(next);
    this.end = next;
    return aborts.map((a) => `${a.firstOffset}-${a.lastOffset} stable ${a.lastStableOffset}`)
      .join(", ");
  }

  send(producerId: number, epoch: number, sequence: number, count = 1): string {
    return this.append(batch(count, { producerId, producerEpoch: epoch, baseSequence: sequence }));
  }

  transact(producerId: number, sequence: number, epoch = 0): string {
    return this.append(
      batch(1, {
        producerId,
        producerEpoch: epoch,
        baseSequence: sequence,
        isTransactional: true,
      }),
    );
  }

  end_(type: "commit" | "abort", producerId: number, epoch = 0, coordinatorEpoch = 0): string {
    return this.append(marker(type, producerId, epoch, coordinatorEpoch), "coordinator");
  }
}

function marker(type: "commit" | "abort", producerId: number, epoch: number, coordinator: number) {
  return encodeEndTxnMarker(type, {
    baseOffset: 0,
    partitionLeaderEpoch: 0,
    timestampMs: 1_000,
    producerId,
    producerEpoch: epoch,
    coordinatorEpoch: coordinator,
  });
}

Deno.test("sequences go on one by one; a gap is refused and changes nothing", () => {
  const fed = new Fed();
  assertEquals(fed.send(7, 0, 0, 3), "");
  assertEquals(fed.send(7, 0, 3, 2), "");
  assertEquals(fed.send(7, 0, 6), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  assertEquals(fed.send(7, 0, 5), "");
  assertEquals(fed.send(8, 0, 41), "", "an unknown producer may begin anywhere");
});

Deno.test("the last five batches are known again, by their exact sequences and epoch", () => {
  const fed = new Fed();
  for (let index = 0; index < 7; index++) fed.send(7, 0, index * 10, 10);
  assertEquals(fed.send(7, 0, 60, 10), "duplicate of 60");
  assertEquals(fed.send(7, 0, 20, 10), "duplicate of 20");
  assertEquals(fed.send(7, 0, 10, 10), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  assertEquals(fed.send(7, 0, 60, 5), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  assertEquals(fed.send(7, 1, 60, 10), "OUT_OF_ORDER_SEQUENCE_NUMBER");
});

Deno.test("sequences wrap from 2^31 - 1 to 0, inside a batch and between batches", () => {
  const fed = new Fed();
  const last = 0x7fffffff;
  assertEquals(fed.send(7, 0, last - 1, 2), "");
  assertEquals(fed.send(7, 0, 0, 2), "");
  assertEquals(fed.send(8, 0, last, 3), "");
  assertEquals(fed.send(8, 0, last, 3), "duplicate of 4");
  assertEquals(fed.send(8, 0, 2), "");
});

Deno.test("a new epoch begins at sequence 0, an old one is fenced", () => {
  const fed = new Fed();
  fed.send(7, 1, 0);
  assertEquals(fed.send(7, 2, 5), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  assertEquals(fed.send(7, 2, 0), "");
  assertEquals(fed.send(7, 1, 1), "INVALID_PRODUCER_EPOCH");
  assertEquals(fed.send(7, 2, 1), "");
  const old = batch(1, { producerId: 7, producerEpoch: 1, baseSequence: 9 });
  assertEquals(fed.append(old, "replication"), "", "a follower takes what its leader took");
});

Deno.test("the first open transaction holds the last stable offset back, until its end is replicated", () => {
  const fed = new Fed();
  const { state } = fed;
  assertEquals(state.firstUnstableOffset, -1);
  fed.transact(1, 0); // 0
  fed.transact(2, 0); // 1
  fed.transact(1, 1); // 2
  assertEquals(state.firstUnstableOffset, 0);
  assertEquals(fed.end_("commit", 1), ""); // 3
  assertEquals(state.firstUnstableOffset, 0, "the marker is above the high watermark");
  state.onHighWatermark(4);
  assertEquals(state.firstUnstableOffset, 1);
  assertEquals(fed.end_("abort", 2), "1-4 stable 5");
  assertEquals(state.firstUnstableOffset, 1);
  state.onHighWatermark(5);
  assertEquals(state.firstUnstableOffset, -1);
});

Deno.test("an abort's index entry tells the last stable offset beside the other open transactions", () => {
  const fed = new Fed();
  fed.transact(1, 0); // 0
  fed.transact(2, 0); // 1
  assertEquals(fed.end_("abort", 2), "1-2 stable 0");
  fed.transact(3, 0); // 3
  const both = concat(marker("abort", 1, 0, 0), marker("abort", 3, 0, 0));
  assertEquals(fed.append(both, "coordinator"), "0-4 stable 3, 3-5 stable 6");
});

Deno.test("an end without a beginning is no transaction", () => {
  const fed = new Fed();
  assertEquals(fed.end_("abort", 1), "");
  assertEquals(fed.state.firstUnstableOffset, -1);
  assertEquals(fed.transact(1, 0), "");
});

Deno.test("markers of an old coordinator or producer epoch are fenced, a new one is taken over", () => {
  const fed = new Fed();
  fed.transact(1, 0);
  assertEquals(fed.end_("commit", 1, 1, 5), "", "transactions v2 raise the epoch with the marker");
  assertEquals(fed.end_("commit", 1, 0, 5), "INVALID_PRODUCER_EPOCH");
  assertEquals(fed.end_("commit", 1, 1, 4), "TRANSACTION_COORDINATOR_FENCED");
  assertEquals(fed.transact(1, 1, 1), "OUT_OF_ORDER_SEQUENCE_NUMBER");
  assertEquals(fed.transact(1, 0, 1), "");
  assertEquals(fed.send(1, 1, 1), "INVALID_TXN_STATE", "not transactional inside a transaction");
});

Deno.test("producers expire when they were silent long enough and have nothing open", () => {
  const fed = new Fed();
  fed.send(1, 0, 0);
  fed.transact(2, 0);
  const sentMs = 1_700_000_000_000;
  assertEquals(fed.state.expire(sentMs + 999, 1_000), 0);
  assertEquals(fed.state.expire(sentMs + 1_000, 1_000), 1);
  assertEquals([...fed.state.producers.keys()], [2]);
});

Deno.test("a snapshot restores what counts, and a damaged one is passed over and removed", () => {
  const fed = new Fed();
  fed.send(1, 0, 0, 3); // 0-2
  fed.transact(2, 0); // 3
  fed.state.takeSnapshot();
  fed.send(1, 0, 3); // 4
  fed.state.takeSnapshot();
  fed.state.takeSnapshot();
  assertEquals(fed.disk.list("/d"), [
    "00000000000000000004.snapshot",
    "00000000000000000005.snapshot",
  ]);
  const load = (offsets: number[], damaged: string[] = []) => {
    const state = new ProducerState(new ProducerSnapshots(fed.disk, "/d", offsets));
    const expiry = { nowMs: 1_700_000_000_100, expirationMs: 86_400_000 };
    state.reload(0, 10, expiry, (error) => damaged.push(error.message));
    return state;
  };
  const state = load([4, 5]);
  assertEquals([state.endOffset, state.firstUnstableOffset], [5, 3]);
  assertEquals(state.producers.get(1)!.lastSequence, 3);
  fed.disk.corrupt("/d/00000000000000000005.snapshot", 30);
  const damaged: string[] = [];
  const older = load([4, 5], damaged);
  assertEquals([older.endOffset, older.producers.get(1)!.lastSequence], [4, 2]);
  assertEquals(damaged.length, 1);
  assertEquals(fed.disk.list("/d"), ["00000000000000000004.snapshot"]);
});

Deno.test("loading leaves out what expired, and snapshots outside the log's range are removed", () => {
  const fed = new Fed();
  fed.send(1, 0, 0);
  fed.state.takeSnapshot();
  const state = new ProducerState(new ProducerSnapshots(fed.disk, "/d", [1]));
  state.reload(0, 5, { nowMs: 1_700_000_090_000, expirationMs: 60_000 }, () => {});
  assertEquals(state.producers.size, 0);
  assertEquals(state.endOffset, 1);
  const gone = new ProducerState(new ProducerSnapshots(fed.disk, "/d", [1]));
  gone.reload(3, 5, { nowMs: 0, expirationMs: 60_000 }, () => {});
  assertEquals([gone.endOffset, fed.disk.list("/d").length], [3, 0]);
});

Deno.test("of stray snapshots only one past all segments is kept", () => {
  const disk = new SimulatedDisk();
  disk.makeDirectory("/d");
  const snapshots = new ProducerSnapshots(disk, "/d", []);
  for (const offset of [10, 20, 25, 30, 35, 40]) snapshots.write(offset, []);
  snapshots.removeStray([0, 20, 30]);
  assertEquals(snapshots.offsets, [20, 30, 40]);
  snapshots.removeStray([0, 20, 30, 50]);
  assertEquals(snapshots.offsets, [20, 30]);
});

Deno.test("snapshot bytes that are cut, changed or of another version are refused", () => {
  const entry = {
    producerId: 2 ** 50,
    epoch: 3,
    lastSequence: 9,
    lastOffset: 2 ** 40,
    offsetDelta: 4,
    timestampMs: 1_700_000_000_000,
    coordinatorEpoch: -1,
    currentTxnFirstOffset: -1,
  };
  const bytes = encodeProducerSnapshot([entry]);
  assertEquals(bytes.length, 56);
  assertEquals(decodeProducerSnapshot(bytes, "p"), [entry]);
  assertEquals(encodeProducerSnapshot([]).length, 10);
  for (let length = 0; length < bytes.length; length++) {
    assertThrows(() => decodeProducerSnapshot(bytes.subarray(0, length), "p"), FileFormatError);
  }
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 0x40;
    assertThrows(() => decodeProducerSnapshot(changed, "p"), FileFormatError, "p");
  }
});

Deno.test("producers are written in the order of Java's hash table", () => {
  assertEquals(javaHashOrder([3, 1, 2]), [1, 2, 3]);
  // 16 buckets: 17 falls beside 1, behind it.
  assertEquals(javaHashOrder([17, 1, 16, 2]), [16, 17, 1, 2]);
  assertEquals(
    javaHashOrder([1_000_000, 5]),
    [5, 1_000_000].sort((a, b) => bucket(a, 16) - bucket(b, 16)),
  );
  const many = Array.from({ length: 100 }, (_, index) => 99 - index);
  assertEquals(javaHashOrder(many), many.toReversed());
  assert(javaHashOrder([2 ** 32, 2 ** 40 + 3]).length === 2);
});

function bucket(id: number, capacity: number): number {
  return (id ^ (id >>> 16)) & (capacity - 1);
}
