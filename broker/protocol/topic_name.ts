/** Longest topic name: with a partition number behind it, it must still be a file name. */
export const TOPIC_NAME_LENGTH_MAX = 249;

/** The topics in which coordinators keep their state; clients may read, but not write them. */
const INTERNAL_TOPICS: ReadonlySet<string> = new Set([
  "__consumer_offsets",
  "__transaction_state",
  "__share_group_state",
]);

/** Why `name` is no topic name, as a clause such as `it is empty`; null when it is one. */
export function topicNameProblem(name: string): string | null {
  if (name === "") return "it is empty";
  if (name === "." || name === "..") return `"${name}" is reserved`;
  if (name.length > TOPIC_NAME_LENGTH_MAX) {
    return `it is ${name.length} characters long, at most ${TOPIC_NAME_LENGTH_MAX} are allowed`;
  }
  const illegal = /[^a-zA-Z0-9._-]/u.exec(name);
  if (illegal === null) return null;
  return `it contains ${JSON.stringify(illegal[0])}, allowed are a-z, A-Z, 0-9, ".", "_" and "-"`;
}

/** True for a topic of the coordinators. `__cluster_metadata` is none: no client sees it. */
export function isInternalTopic(name: string): boolean {
  return INTERNAL_TOPICS.has(name);
}

/** True when a name has a character that metrics fold into another. */
export function hasCollisionCharacters(name: string): boolean {
  return name.includes(".") || name.includes("_");
}

/** True when metrics of both topics would have the same name, where "." becomes "_". */
export function topicNamesCollide(a: string, b: string): boolean {
  return collisionKey(a) === collisionKey(b);
}

/**
 * What is equal for names that collide: an index by it finds collisions without comparing pairs.
 */
export function collisionKey(name: string): string {
  return name.replaceAll(".", "_");
}
