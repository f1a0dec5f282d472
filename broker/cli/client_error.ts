/** What the Kafka client library throws: errors within errors, with Kafka's name at the bottom. */
interface ClientError {
  readonly message: string;
  readonly apiId?: unknown;
  readonly errors?: readonly ClientError[];
  readonly cause?: unknown;
}

/** Kafka's name of the error that `error` is about, such as MESSAGE_TOO_LARGE; null for none. */
export function clientErrorName(error: unknown): string | null {
  for (const each of chainOf(error)) {
    if (typeof each.apiId === "string") return each.apiId;
  }
  return null;
}

/** One line about an error of the client library: its innermost reasons, with Kafka's name. */
export function describeClientError(error: unknown): string {
  const chain = chainOf(error);
  const named = chain.find((each) => typeof each.apiId === "string");
  if (named !== undefined) return `${named.apiId}: ${named.message}`;
  if (chain.length === 0) return String(error);
  const [outer, inner] = chain.slice(-2).map((each) => each.message.replace(/\.$/, ""));
  return inner === undefined ? outer! : `${outer}: ${inner}`;
}

/** The error, its first reason, the first reason of that, and so on. */
function chainOf(error: unknown): ClientError[] {
  const chain: ClientError[] = [];
  for (let each = error; isClientError(each) && chain.length < 10;) {
    chain.push(each);
    each = each.errors?.[0] ?? each.cause;
  }
  return chain;
}

function isClientError(value: unknown): value is ClientError {
  return value instanceof Error;
}
