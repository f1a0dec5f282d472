import { INT32_MIN } from "../protocol/mod.ts";

/**
 * The operations that a client may do, as bits (KIP-430). Nobody is refused anything while the node
 * has no authorizer, so these are all that the kind of resource knows.
 */

/** What is told when the client did not ask. */
export const NOT_ASKED = INT32_MIN;

const READ = 1 << 3;
const WRITE = 1 << 4;
const CREATE = 1 << 5;
const DELETE = 1 << 6;
const ALTER = 1 << 7;
const DESCRIBE = 1 << 8;
const CLUSTER_ACTION = 1 << 9;
const DESCRIBE_CONFIGS = 1 << 10;
const ALTER_CONFIGS = 1 << 11;
const IDEMPOTENT_WRITE = 1 << 12;

/** What can be done with a topic. */
export const TOPIC_OPERATIONS = READ | WRITE | CREATE | DELETE | ALTER | DESCRIBE |
  DESCRIBE_CONFIGS | ALTER_CONFIGS;

/** What can be done with a group. */
export const GROUP_OPERATIONS = READ | DELETE | DESCRIBE | DESCRIBE_CONFIGS | ALTER_CONFIGS;

/** What can be done with the cluster. */
export const CLUSTER_OPERATIONS = CREATE | ALTER | DESCRIBE | CLUSTER_ACTION |
  DESCRIBE_CONFIGS | ALTER_CONFIGS | IDEMPOTENT_WRITE;
