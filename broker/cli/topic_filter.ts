import { isInternalTopic } from "../protocol/mod.ts";
import { UsageError } from "./command_error.ts";

/**
 * Tells which topics a pattern means, as Kafka's tools read it: a regular expression for the whole
 * name, commas between alternatives. Throws UsageError when it is no pattern.
 */
export function topicPattern(flag: string, pattern: string): (name: string) => boolean {
  const alternatives = pattern.trim().replace(/^["']|["']$/g, "").split(",")
    .map((alternative) => alternative.trim()).filter((alternative) => alternative !== "");
  try {
    const expression = new RegExp(`^(?:${alternatives.join("|")})$`);
    return (name) => expression.test(name);
  } catch (cause) {
    throw new UsageError(`--${flag} ${pattern}: allowed is a regular expression`, { cause });
  }
}

/** The topics of `names` that are meant: those of the pattern (all without one), sorted. */
export function selectTopics(
  names: readonly string[],
  pattern: string | null,
  excludeInternal: boolean,
): string[] {
  const matches = pattern === null ? () => true : topicPattern("topic", pattern);
  return names.filter((name) => matches(name) && !(excludeInternal && isInternalTopic(name)))
    .sort();
}
