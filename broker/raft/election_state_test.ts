import { assertEquals, assertThrows } from "@std/assert";
import {
  decodeElectionState,
  type ElectionState,
  encodeElectionState,
  QuorumStateError,
} from "./election_state.ts";

/** The texts are what Apache Kafka 4.4 wrote. */
const KAFKA: [string, number, number[], ElectionState][] = [
  [
    `{"clusterId":"","leaderId":1,"leaderEpoch":1,"votedId":-1,"appliedOffset":0,` +
    `"currentVoters":[{"voterId":1}],"data_version":0}`,
    0,
    [1],
    { epoch: 1, leaderId: 1, votedKey: null },
  ],
  [
    `{"leaderId":1,"leaderEpoch":2,"votedId":-1,` +
    `"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}`,
    1,
    [1],
    { epoch: 2, leaderId: 1, votedKey: null },
  ],
  [
    `{"leaderId":-1,"leaderEpoch":2,"votedId":1,` +
    `"votedDirectoryId":"J8aAPcfLQt2bqs1JT_rMgQ","data_version":1}`,
    1,
    [1],
    { epoch: 2, leaderId: null, votedKey: { id: 1, directoryId: "J8aAPcfLQt2bqs1JT_rMgQ" } },
  ],
];

Deno.test("quorum-state is written and read as Kafka does", () => {
  for (const [text, kraftVersion, voterIds, state] of KAFKA) {
    assertEquals(decodeElectionState(text), state);
    assertEquals(encodeElectionState(state, kraftVersion, voterIds), text);
  }
});

Deno.test("a damaged quorum-state is refused with what is wrong", () => {
  const refused: [string, string][] = [
    ["", "it is not JSON"],
    ["{", "it is not JSON"],
    ["null", "data_version is undefined"],
    [`{"data_version":2}`, "data_version is 2, allowed are 0 and 1"],
    [`{"data_version":1}`, "leaderId is undefined"],
    [
      `{"leaderId":1,"leaderEpoch":"7","votedId":-1,"data_version":1}`,
      `leaderEpoch is "7", expected a whole number`,
    ],
    [`{"leaderId":1,"leaderEpoch":-7,"votedId":-1,"data_version":1}`, "leaderEpoch is -7"],
  ];
  for (const [text, message] of refused) {
    assertThrows(() => decodeElectionState(text), QuorumStateError, message);
  }
});
