import { UsageError } from "./command_error.ts";

/**
 * A pattern for topic names as Kafka's tools take it: a regular expression that must match the whole
 * name, in which a comma stands for "or". Throws UsageError that names `flag`.
 */
export function topicPattern(flag: string, text: string): RegExp {
  const source = text.trim().replaceAll(",", "|").replaceAll(" ", "")
    .replace(/^["']+/, "").replace(/["']+$/, "");
  try {
    return new RegExp(`^(?:${source})$`);
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message.replace(/^.*: /, "") : "";
    throw new UsageError(`${flag} ${text}: allowed is a regular expression (${reason})`, { cause });
  }
}
