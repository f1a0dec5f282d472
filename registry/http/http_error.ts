/** A request that is refused: answered as `{"error_code":errorCode,"message":message}` with the status. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly status: number;
  readonly errorCode: number;
  /** Headers that the answer has beside its type, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    errorCode: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.headers = headers;
  }
}

/** Longest piece of a value that a message shows. */
const SHOWN_MAX = 100;

/** A value as messages show it: quoted, cut where it is long. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text;
}
