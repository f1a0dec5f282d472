import { long, LONG_MAX } from "../option.ts";
import { atLeast } from "../option_rule.ts";

/** Broker options that exist only while the node runs, never in server.properties. */
export const dynamicOnlyOptions = [
  long("follower.replication.throttled.rate", LONG_MAX, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Bytes a second at which throttled followers fetch.",
  }),
  long("leader.replication.throttled.rate", LONG_MAX, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Bytes a second at which throttled leaders serve followers.",
  }),
  long("replica.alter.log.dirs.io.max.bytes.per.second", LONG_MAX, {
    rule: atLeast(0),
    scope: "cluster-wide",
    doc: "Bytes a second that moves between log directories may use.",
  }),
];
