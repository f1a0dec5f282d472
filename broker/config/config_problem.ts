/** What is wrong with a configuration, as data: the option, what it holds, what is allowed. */
export interface ConfigProblem {
  readonly option: string;
  /** The text that was given; null where nothing was. Never a secret. */
  readonly value: string | null;
  readonly allowed: string;
  /** Where Kafka would allow it: what kafkats does not serve yet, such as `authorizers are`. */
  readonly unserved?: string;
}

/** A configuration that a node cannot start with; the message names option, value and what is allowed. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly option: string;
  readonly value: string | null;
  readonly allowed: string;

  constructor(problem: ConfigProblem) {
    super(`Cannot use ${describeProblem(problem)}`);
    this.option = problem.option;
    this.value = problem.value;
    this.allowed = problem.allowed;
  }
}

/** One sentence: `log.retention.ms=abc: allowed is a whole number ...`. */
export function describeProblem(problem: ConfigProblem): string {
  const { option, value, allowed, unserved } = problem;
  const head = value === null ? `${option}, which is not set` : `${option}=${value}`;
  const why = unserved === undefined ? "" : `${unserved} not served yet, `;
  return `${head}: ${why}allowed is ${allowed}`;
}
