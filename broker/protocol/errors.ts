/**
 * Every error code of the protocol: expected outcomes are these numbers, as data in responses. A
 * retriable one may pass by itself.
 */
const table = [
  [-1, "UNKNOWN_SERVER_ERROR", false, "The server met an error that it did not expect."],
  [0, "NONE", false, ""],
  [1, "OFFSET_OUT_OF_RANGE", false, "The offset lies outside of what the partition holds."],
  [
    2,
    "CORRUPT_MESSAGE",
    true,
    "The batch is damaged, too large, or has no key although the topic is compacted.",
  ],
  [3, "UNKNOWN_TOPIC_OR_PARTITION", true, "The topic or partition does not exist here."],
  [4, "INVALID_FETCH_SIZE", false, "The fetch size is not valid."],
  [
    5,
    "LEADER_NOT_AVAILABLE",
    true,
    "The partition has no leader at the moment; one is being elected.",
  ],
  [
    6,
    "NOT_LEADER_OR_FOLLOWER",
    true,
    "This broker does not lead the partition, or holds no replica of it.",
  ],
  [7, "REQUEST_TIMED_OUT", true, "The request was not done in the time it gave."],
  [8, "BROKER_NOT_AVAILABLE", false, "The broker cannot be reached."],
  [9, "REPLICA_NOT_AVAILABLE", true, "The replica is not there at the moment."],
  [10, "MESSAGE_TOO_LARGE", false, "The batch is larger than the topic allows."],
  [11, "STALE_CONTROLLER_EPOCH", false, "The controller has changed since."],
  [12, "OFFSET_METADATA_TOO_LARGE", false, "The metadata text beside the offset is too long."],
  [13, "NETWORK_EXCEPTION", true, "The connection broke before the answer came."],
  [14, "COORDINATOR_LOAD_IN_PROGRESS", true, "The coordinator is still loading its state."],
  [15, "COORDINATOR_NOT_AVAILABLE", true, "The coordinator is not available."],
  [16, "NOT_COORDINATOR", true, "This broker does not coordinate that group or transactional id."],
  [
    17,
    "INVALID_TOPIC_EXCEPTION",
    false,
    "The topic name is not allowed, or the topic is internal.",
  ],
  [18, "RECORD_LIST_TOO_LARGE", false, "The batches are larger than a whole segment."],
  [19, "NOT_ENOUGH_REPLICAS", true, "Too few replicas are in sync, so nothing was written."],
  [
    20,
    "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
    true,
    "The batch was written, but to fewer in-sync replicas than required.",
  ],
  [21, "INVALID_REQUIRED_ACKS", false, "The value of acks is not one of 0, 1 and -1."],
  [22, "ILLEGAL_GENERATION", false, "The generation is not the group's current one."],
  [
    23,
    "INCONSISTENT_GROUP_PROTOCOL",
    false,
    "The member's protocols fit neither the group nor its type, or it named none.",
  ],
  [24, "INVALID_GROUP_ID", false, "The group id is not allowed."],
  [25, "UNKNOWN_MEMBER_ID", false, "The group has no such member."],
  [
    26,
    "INVALID_SESSION_TIMEOUT",
    false,
    "The session timeout lies outside of what the broker allows (group.min.session.timeout.ms, group.max.session.timeout.ms).",
  ],
  [27, "REBALANCE_IN_PROGRESS", false, "The group is rebalancing; the member must join again."],
  [28, "INVALID_COMMIT_OFFSET_SIZE", false, "The offsets to commit are too large to be stored."],
  [29, "TOPIC_AUTHORIZATION_FAILED", false, "Access to the topic is denied."],
  [30, "GROUP_AUTHORIZATION_FAILED", false, "Access to the group is denied."],
  [31, "CLUSTER_AUTHORIZATION_FAILED", false, "Access to the cluster is denied."],
  [32, "INVALID_TIMESTAMP", false, "The timestamp of a record is too far from the broker's clock."],
  [33, "UNSUPPORTED_SASL_MECHANISM", false, "The broker does not offer this SASL mechanism."],
  [34, "ILLEGAL_SASL_STATE", false, "The request does not fit the state of the SASL exchange."],
  [35, "UNSUPPORTED_VERSION", false, "This version of the API is not supported."],
  [36, "TOPIC_ALREADY_EXISTS", false, "A topic of this name exists already."],
  [37, "INVALID_PARTITIONS", false, "The number of partitions is not valid."],
  [
    38,
    "INVALID_REPLICATION_FACTOR",
    false,
    "The replication factor is below one or above the number of brokers.",
  ],
  [39, "INVALID_REPLICA_ASSIGNMENT", false, "The replica assignment is not valid."],
  [40, "INVALID_CONFIG", false, "A configuration is not valid."],
  [41, "NOT_CONTROLLER", true, "This node is not the active controller."],
  [
    42,
    "INVALID_REQUEST",
    false,
    "The request contradicts itself or breaks the rules of its API; the broker's log says more.",
  ],
  [43, "UNSUPPORTED_FOR_MESSAGE_FORMAT", false, "The log's message format does not allow this."],
  [44, "POLICY_VIOLATION", false, "A policy of the cluster forbids this."],
  [
    45,
    "OUT_OF_ORDER_SEQUENCE_NUMBER",
    false,
    "The producer's sequence number does not follow its last one.",
  ],
  [46, "DUPLICATE_SEQUENCE_NUMBER", false, "The producer's sequence number was written before."],
  [47, "INVALID_PRODUCER_EPOCH", false, "The producer's epoch is old."],
  [48, "INVALID_TXN_STATE", false, "The transaction is not in a state that allows this."],
  [
    49,
    "INVALID_PRODUCER_ID_MAPPING",
    false,
    "The producer id does not belong to this transactional id.",
  ],
  [
    50,
    "INVALID_TRANSACTION_TIMEOUT",
    false,
    "The transaction timeout is above what the broker allows (transaction.max.timeout.ms).",
  ],
  [51, "CONCURRENT_TRANSACTIONS", true, "Another operation on the same transaction is under way."],
  [
    52,
    "TRANSACTION_COORDINATOR_FENCED",
    false,
    "The sender no longer coordinates this producer's transactions.",
  ],
  [53, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", false, "Access to the transactional id is denied."],
  [54, "SECURITY_DISABLED", false, "The cluster has no security features turned on."],
  [
    55,
    "OPERATION_NOT_ATTEMPTED",
    false,
    "This part was not tried because another part of the request failed.",
  ],
  [56, "KAFKA_STORAGE_ERROR", true, "The disk failed while the log was read or written."],
  [57, "LOG_DIR_NOT_FOUND", false, "The broker has no such log directory."],
  [58, "SASL_AUTHENTICATION_FAILED", false, "The credentials were not accepted."],
  [
    59,
    "UNKNOWN_PRODUCER_ID",
    false,
    "The broker holds no state of this producer; it expired or was deleted with the last of its records.",
  ],
  [60, "REASSIGNMENT_IN_PROGRESS", false, "The partition is being reassigned."],
  [61, "DELEGATION_TOKEN_AUTH_DISABLED", false, "Delegation tokens are turned off."],
  [62, "DELEGATION_TOKEN_NOT_FOUND", false, "There is no such delegation token."],
  [
    63,
    "DELEGATION_TOKEN_OWNER_MISMATCH",
    false,
    "The principal neither owns the delegation token nor may renew it.",
  ],
  [
    64,
    "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED",
    false,
    "Delegation tokens cannot be asked for on this kind of connection.",
  ],
  [65, "DELEGATION_TOKEN_AUTHORIZATION_FAILED", false, "Access to the delegation token is denied."],
  [66, "DELEGATION_TOKEN_EXPIRED", false, "The delegation token has expired."],
  [67, "INVALID_PRINCIPAL_TYPE", false, "This type of principal is not supported."],
  [68, "NON_EMPTY_GROUP", false, "The group still has members."],
  [69, "GROUP_ID_NOT_FOUND", false, "There is no such group."],
  [70, "FETCH_SESSION_ID_NOT_FOUND", true, "There is no such fetch session."],
  [
    71,
    "INVALID_FETCH_SESSION_EPOCH",
    true,
    "The epoch does not follow the fetch session's last one.",
  ],
  [
    72,
    "LISTENER_NOT_FOUND",
    true,
    "The leader has no listener of the name that the request came in by.",
  ],
  [73, "TOPIC_DELETION_DISABLED", false, "Deleting topics is turned off."],
  [74, "FENCED_LEADER_EPOCH", true, "The leader epoch in the request is older than the broker's."],
  [75, "UNKNOWN_LEADER_EPOCH", true, "The leader epoch in the request is newer than the broker's."],
  [
    76,
    "UNSUPPORTED_COMPRESSION_TYPE",
    false,
    "The client does not support the partition's compression.",
  ],
  [77, "STALE_BROKER_EPOCH", false, "The broker has registered again since."],
  [78, "OFFSET_NOT_AVAILABLE", true, "A new leader does not know its high watermark yet."],
  [
    79,
    "MEMBER_ID_REQUIRED",
    false,
    "The member must join again with the id that it is given here.",
  ],
  [80, "PREFERRED_LEADER_NOT_AVAILABLE", true, "The preferred leader is not available."],
  [81, "GROUP_MAX_SIZE_REACHED", false, "The group is full."],
  [82, "FENCED_INSTANCE_ID", false, "Another member has taken over this group.instance.id."],
  [83, "ELIGIBLE_LEADERS_NOT_AVAILABLE", true, "No replica that may lead is available."],
  [
    84,
    "ELECTION_NOT_NEEDED",
    true,
    "The partition has the leader that the election would give it.",
  ],
  [85, "NO_REASSIGNMENT_IN_PROGRESS", false, "The partition is not being reassigned."],
  [
    86,
    "GROUP_SUBSCRIBED_TO_TOPIC",
    false,
    "A member of the group is subscribed to the topic, so its offsets stay.",
  ],
  [87, "INVALID_RECORD", false, "A record breaks a rule of the topic."],
  [88, "UNSTABLE_OFFSET_COMMIT", true, "Offsets of an open transaction are still to be decided."],
  [89, "THROTTLING_QUOTA_EXCEEDED", true, "A quota is used up; try again later."],
  [90, "PRODUCER_FENCED", false, "A newer producer has the same transactional id."],
  [91, "RESOURCE_NOT_FOUND", false, "The request names something that does not exist."],
  [92, "DUPLICATE_RESOURCE", false, "The request names something twice."],
  [93, "UNACCEPTABLE_CREDENTIAL", false, "The credential is not good enough to be accepted."],
  [94, "INCONSISTENT_VOTER_SET", false, "Sender or receiver is not one of the voters."],
  [95, "INVALID_UPDATE_VERSION", false, "The version to update to is not valid."],
  [96, "FEATURE_UPDATE_FAILED", false, "The feature levels could not be updated."],
  [
    97,
    "PRINCIPAL_DESERIALIZATION_FAILURE",
    false,
    "The principal of a forwarded request could not be read.",
  ],
  [98, "SNAPSHOT_NOT_FOUND", false, "There is no such snapshot."],
  [99, "POSITION_OUT_OF_RANGE", false, "The position lies outside of the snapshot."],
  [100, "UNKNOWN_TOPIC_ID", true, "No topic here has this id."],
  [101, "DUPLICATE_BROKER_REGISTRATION", false, "Another broker with this id is alive."],
  [102, "BROKER_ID_NOT_REGISTERED", false, "No broker of this id is registered."],
  [103, "INCONSISTENT_TOPIC_ID", true, "The log belongs to a topic of another id."],
  [104, "INCONSISTENT_CLUSTER_ID", false, "The cluster id is not that of this cluster."],
  [105, "TRANSACTIONAL_ID_NOT_FOUND", false, "There is no such transactional id."],
  [
    106,
    "FETCH_SESSION_TOPIC_ID_ERROR",
    true,
    "The fetch session mixes requests with and without topic ids.",
  ],
  [107, "INELIGIBLE_REPLICA", false, "A replica of the new ISR may not be in it."],
  [
    108,
    "NEW_LEADER_ELECTED",
    false,
    "The change was made, and the partition has another leader now.",
  ],
  [109, "OFFSET_MOVED_TO_TIERED_STORAGE", false, "The offset lies in tiered storage only."],
  [
    110,
    "FENCED_MEMBER_EPOCH",
    false,
    "The member was fenced: it must give up its partitions and join again.",
  ],
  [
    111,
    "UNRELEASED_INSTANCE_ID",
    false,
    "Another member still holds this instance id and must leave first.",
  ],
  [112, "UNSUPPORTED_ASSIGNOR", false, "The group does not support the assignor."],
  [
    113,
    "STALE_MEMBER_EPOCH",
    false,
    "The member's epoch is old; it learns the current one by its next heartbeat.",
  ],
  [
    114,
    "MISMATCHED_ENDPOINT_TYPE",
    false,
    "The request is for the other kind of endpoint, broker or controller.",
  ],
  [115, "UNSUPPORTED_ENDPOINT_TYPE", false, "This kind of endpoint is not supported."],
  [116, "UNKNOWN_CONTROLLER_ID", false, "There is no controller of this id."],
  [117, "UNKNOWN_SUBSCRIPTION_ID", false, "The telemetry subscription is unknown or out of date."],
  [118, "TELEMETRY_TOO_LARGE", false, "The telemetry is larger than the broker takes."],
  [119, "INVALID_REGISTRATION", false, "The controller does not accept the registration."],
  [
    120,
    "TRANSACTION_ABORTABLE",
    false,
    "The transaction failed; abort it to go on with this transactional id.",
  ],
  [
    121,
    "INVALID_RECORD_STATE",
    false,
    "The record is in a state in which it cannot be acknowledged.",
  ],
  [122, "SHARE_SESSION_NOT_FOUND", true, "There is no such share session."],
  [
    123,
    "INVALID_SHARE_SESSION_EPOCH",
    true,
    "The epoch does not follow the share session's last one.",
  ],
  [124, "FENCED_STATE_EPOCH", false, "The state epoch is older than the coordinator's."],
  [125, "INVALID_VOTER_KEY", false, "The voter's directory id is not the one expected."],
  [126, "DUPLICATE_VOTER", false, "The node is a voter already."],
  [127, "VOTER_NOT_FOUND", false, "The node is not a voter."],
  [128, "INVALID_REGULAR_EXPRESSION", false, "The regular expression is not valid."],
  [
    129,
    "REBOOTSTRAP_REQUIRED",
    false,
    "The client's view of the cluster is too old; it must start from its bootstrap servers.",
  ],
  [130, "STREAMS_INVALID_TOPOLOGY", false, "The Streams topology is not valid."],
  [131, "STREAMS_INVALID_TOPOLOGY_EPOCH", false, "The epoch of the Streams topology is not valid."],
  [132, "STREAMS_TOPOLOGY_FENCED", false, "The epoch of the Streams topology is old."],
  [133, "SHARE_SESSION_LIMIT_REACHED", true, "The broker holds as many share sessions as it may."],
  [
    134,
    "GROUP_DELETION_FAILED",
    false,
    "The group could not be deleted; its own message says why.",
  ],
  [
    135,
    "STREAMS_TOPOLOGY_DESCRIPTION_UPDATE_FAILED",
    false,
    "The description of the Streams topology could not be stored; the message says why.",
  ],
  [136, "CONTROLLER_ID_NOT_REGISTERED", false, "No controller of this id is registered."],
] as const;

type Row = (typeof table)[number];

/** The name of an error, as in Kafka. */
export type ErrorName = Row[1];

/** The code of each error by its name. */
export const errorCodes: { readonly [N in ErrorName]: number } = Object.fromEntries(
  table.map(([code, name]) => [name, code]),
) as never;

/** Codes start at -1 and have no gaps. */
const FIRST_CODE = -1;

function row(code: number): Row {
  return table[code - FIRST_CODE] ?? table[0];
}

/** The name of the error `code`; a code that this version does not know is UNKNOWN_SERVER_ERROR. */
export function errorName(code: number): ErrorName {
  return row(code)[1];
}

/** True when trying again may help. */
export function isRetriable(code: number): boolean {
  return row(code)[2];
}

/** What the error means, one sentence; empty for NONE. */
export function errorMessage(code: number): string {
  return row(code)[3];
}
