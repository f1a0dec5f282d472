import { assertEquals, assertThrows } from "@std/assert";
import { AssertionError, type Prng } from "../base/mod.ts";
import { type ElectionState } from "./election_state.ts";
import { RaftCore, type RaftStart, type Ready } from "./raft_core.ts";
import { VoterSet } from "./voter_set.ts";

/**
 * Scenarios as transcripts: a line is an event, the indented lines behind it are what the core hands
 * out, and where it stands then. Change one only when you can say which rule made it differ.
 *
 *     start [voters=1,2] [election=EPOCH/leader/voted] [log=END@EPOCH]   a replica comes up
 *     tick MS          time goes by, in all
 *     persisted        the election is durable
 *     flushed END      the log is durable up to END
 *     append EPOCH N   the controller appends a batch of N records
 *     resign EPOCH END the controller or the disk failed; the log ends at END
 */
function run(transcript: string): string {
  const lines: string[] = [];
  let core: RaftCore | null = null;
  let nowMs = 0;
  const events = transcript.split("\n").map((line) => line.trimEnd())
    .filter((line) => line !== "" && !line.startsWith(" "));
  for (const line of events) {
    const [verb, ...words] = line.split(" ");
    const number = (index: number) => Number(words[index]);
    if (verb === "start") core = start(words, nowMs);
    else if (verb === "tick") core!.tick(nowMs = number(0));
    else if (verb === "persisted") core!.step({ kind: "electionPersisted" }, nowMs);
    else if (verb === "flushed") core!.step({ kind: "flushed", endOffset: number(0) }, nowMs);
    else if (verb === "append") {
      const batch = new Uint8Array(1);
      const [epoch, recordCount] = [number(0), number(1)];
      core!.step({ kind: "append", epoch, batch, recordCount }, nowMs);
    } else if (verb === "resign") {
      core!.step({ kind: "resign", epoch: number(0), logEndOffset: number(1) }, nowMs);
    } else throw new Error(`Unknown event ${line}`);
    lines.push(line, ...described(core!.takeReady()), `    ${standing(core!)}`);
  }
  return lines.join("\n");
}

/** Election timeouts are at their shortest. */
const noChance: Prng = { uint32: () => 0 };

function start(words: readonly string[], nowMs: number): RaftCore {
  const options = new Map(words.map((word) => word.split("=") as [string, string]));
  const ids = (options.get("voters") ?? "1").split(",").map(Number);
  const [endOffset, endEpoch] = (options.get("log") ?? "0@0").split("@").map(Number);
  const startState: RaftStart = {
    voters: new VoterSet(ids.map((id) => ({ id, directoryId: `dir${id}` }))),
    election: options.has("election") ? election(options.get("election")!) : null,
    logEndOffset: endOffset!,
    logEndEpoch: endEpoch!,
    votersToRecord: null,
  };
  return new RaftCore(
    {
      self: { id: 1, directoryId: "dir1" },
      electionTimeoutMs: 1_000,
      fetchTimeoutMs: 2_000,
      prng: noChance,
    },
    startState,
    nowMs,
  );
}

function election(text: string): ElectionState {
  const [epoch, leader, voted] = text.split("/");
  return {
    epoch: Number(epoch),
    leaderId: leader === "-" ? null : Number(leader),
    votedKey: voted === "-" ? null : { id: Number(voted), directoryId: `dir${voted}` },
  };
}

function described({ persist, committed, leadership }: Ready): string[] {
  const lines: string[] = [];
  if (persist.election !== null) {
    const { epoch, leaderId, votedKey } = persist.election;
    lines.push(`persist ${epoch}/${leaderId ?? "-"}/${votedKey?.id ?? "-"}`);
  }
  for (const batch of persist.batches) {
    if (batch.kind === "records") lines.push("append records");
    else {
      const { baseOffset, epoch, leaderId, voterIds, grantingVoterIds } = batch.start;
      lines.push(
        `append start of epoch ${epoch} at ${baseOffset}: leader ${leaderId}, ` +
          `voters ${voterIds}, granting ${grantingVoterIds}`,
      );
    }
  }
  if (committed !== null) lines.push(`committed ${committed}`);
  if (leadership !== null) {
    lines.push(`leadership ${leadership.epoch}/${leadership.leaderId ?? "-"}`);
  }
  return lines.map((line) => `  ${line}`);
}

function standing(core: RaftCore): string {
  const wait = core.deadlineMs === Infinity ? "" : ` until ${core.deadlineMs}`;
  return `${core.role} ${core.epoch}, end ${core.endOffset}${wait}`;
}

/** Checks a transcript against itself as it comes out when it is run. */
function golden(transcript: string): void {
  const expected = transcript.split("\n").filter((line) => line.trim() !== "").join("\n");
  assertEquals(run(transcript), expected);
}

Deno.test("a quorum of one elects itself when it first starts", () => {
  golden(`
start
  persist 1/-/1
    candidate 1, end 0 until 1000
persisted
  persist 1/1/-
  append start of epoch 1 at 0: leader 1, voters 1, granting 1
    leader 1, end 1
persisted
    leader 1, end 1
flushed 1
  committed 1
  leadership 1/1
    leader 1, end 1
append 1 3
  append records
    leader 1, end 4
append 1 2
  append records
    leader 1, end 6
flushed 4
  committed 4
    leader 1, end 6
flushed 6
  committed 6
    leader 1, end 6
`);
});

Deno.test("it leads in a new epoch when it starts again", () => {
  golden(`
start election=4/1/- log=10@4
  persist 5/-/1
    candidate 5, end 10 until 1000
persisted
  persist 5/1/-
  append start of epoch 5 at 10: leader 1, voters 1, granting 1
    leader 5, end 11
flushed 11
  committed 11
  leadership 5/1
    leader 5, end 11
`);
});

Deno.test("what earlier epochs wrote is committed by the first record of the new one", () => {
  golden(`
start election=4/1/- log=10@4
  persist 5/-/1
    candidate 5, end 10 until 1000
persisted
  persist 5/1/-
  append start of epoch 5 at 10: leader 1, voters 1, granting 1
    leader 5, end 11
flushed 10
    leader 5, end 11
flushed 11
  committed 11
  leadership 5/1
    leader 5, end 11
`);
});

Deno.test("a lost quorum-state file does not bring an old epoch back", () => {
  golden(`
start log=10@7
  persist 8/-/1
    candidate 8, end 10 until 1000
`);
});

Deno.test("a vote does not count before it is durable; an election that lingers is tried again", () => {
  golden(`
start
  persist 1/-/1
    candidate 1, end 0 until 1000
tick 900
    candidate 1, end 0 until 1000
tick 1000
  persist 2/-/1
    candidate 2, end 0 until 2000
persisted
  persist 2/1/-
  append start of epoch 2 at 0: leader 1, voters 1, granting 1
    leader 2, end 1
`);
});

Deno.test("a leader that resigns stands again after the election timeout, two epochs later", () => {
  golden(`
start
  persist 1/-/1
    candidate 1, end 0 until 1000
persisted
  persist 1/1/-
  append start of epoch 1 at 0: leader 1, voters 1, granting 1
    leader 1, end 1
flushed 1
  committed 1
  leadership 1/1
    leader 1, end 1
append 1 5
  append records
    leader 1, end 6
resign 1 1
  leadership 1/-
    resigned 1, end 1 until 1000
flushed 1
    resigned 1, end 1 until 1000
tick 999
    resigned 1, end 1 until 1000
tick 1000
  persist 3/-/1
    candidate 3, end 1 until 2000
persisted
  persist 3/1/-
  append start of epoch 3 at 1: leader 1, voters 1, granting 1
    leader 3, end 2
flushed 2
  committed 2
  leadership 3/1
    leader 3, end 2
`);
});

Deno.test("a resignation of another epoch changes nothing", () => {
  golden(`
start election=2/1/- log=3@2
  persist 3/-/1
    candidate 3, end 3 until 1000
persisted
  persist 3/1/-
  append start of epoch 3 at 3: leader 1, voters 1, granting 1
    leader 3, end 4
resign 2 3
    leader 3, end 4
`);
});

Deno.test("one of several voters asks the others before it raises the epoch", () => {
  golden(`
start voters=1,2,3 election=4/-/- log=3@4
    unattached 4, end 3 until 1000
tick 1000
    prospective 4, end 3 until 2000
tick 2000
    prospective 4, end 3 until 3000
`);
});

Deno.test("a follower waits for its leader, and an observer for ever", () => {
  golden(`
start voters=1,2,3 election=4/2/- log=3@4
    follower 4, end 3 until 2000
tick 2000
    prospective 4, end 3 until 3000
`);
  golden(`
start voters=2,3 election=4/2/- log=3@4
    follower 4, end 3
tick 100000
    follower 4, end 3
`);
});

Deno.test("only the leader of the epoch may append", () => {
  assertThrows(() => run("start\nappend 1 1"), AssertionError, "by the candidate of epoch 1");
  assertThrows(() => run("start\npersisted\nappend 2 1"), AssertionError, "Append in epoch 2");
});
