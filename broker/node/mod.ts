/**
 * A whole node: makes the rooms of the broker, gives each the others that it needs, and starts and
 * stops them in order. What configuration means for a room is translated here, so that no room reads
 * it from afar.
 */
export { Node, type NodeOptions } from "./node.ts";
