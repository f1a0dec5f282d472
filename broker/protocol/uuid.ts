import { ProtocolError } from "./protocol_error.ts";

/** Sixteen zero bytes: Kafka's "no uuid". */
export const ZERO_UUID = "AAAAAAAAAAAAAAAAAAAAAA";

/** A uuid in bytes. */
export const UUID_BYTES = 16;
/** A uuid in letters: base64url without padding. */
export const UUID_LETTERS = 22;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Character code of each six-bit value. */
const LETTERS = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const NOT_A_LETTER = 255;
/** Six-bit value of each character code. */
const SIXES = new Uint8Array(128).fill(NOT_A_LETTER);
for (const [six, letter] of LETTERS.entries()) SIXES[letter] = six;

/** The text of the sixteen bytes at `position`, which must lie inside `bytes`. */
export function uuidFromBytes(bytes: Uint8Array, position = 0): string {
  const b = bytes;
  const p = position;
  const first = three(b[p]!, b[p + 1]!, b[p + 2]!) + three(b[p + 3]!, b[p + 4]!, b[p + 5]!);
  const second = three(b[p + 6]!, b[p + 7]!, b[p + 8]!) + three(b[p + 9]!, b[p + 10]!, b[p + 11]!);
  const last = b[p + 15]!;
  return first + second + three(b[p + 12]!, b[p + 13]!, b[p + 14]!) +
    String.fromCharCode(LETTERS[last >> 2]!, LETTERS[(last & 3) << 4]!);
}

/** Four letters for three bytes. */
function three(a: number, b: number, c: number): string {
  return String.fromCharCode(
    LETTERS[a >> 2]!,
    LETTERS[(a & 3) << 4 | b >> 4]!,
    LETTERS[(b & 15) << 2 | c >> 6]!,
    LETTERS[c & 63]!,
  );
}

/**
 * Writes `uuid` as sixteen bytes at `position`; throws {@linkcode ProtocolError} when it is none.
 */
export function writeUuid(uuid: string, bytes: Uint8Array, position: number): void {
  if (uuid.length !== UUID_LETTERS) throw notAUuid(uuid);
  let at = position;
  let seen = 0;
  for (let i = 0; i < 20; i += 4) {
    const a = six(uuid.charCodeAt(i));
    const b = six(uuid.charCodeAt(i + 1));
    const c = six(uuid.charCodeAt(i + 2));
    const d = six(uuid.charCodeAt(i + 3));
    seen |= a | b | c | d;
    bytes[at++] = a << 2 | b >> 4;
    bytes[at++] = b << 4 | c >> 2;
    bytes[at++] = c << 6 | d;
  }
  const a = six(uuid.charCodeAt(20));
  const b = six(uuid.charCodeAt(21));
  bytes[at] = a << 2 | b >> 4;
  if ((seen | a | b) > 63) throw notAUuid(uuid);
}

/** The sixteen bytes of `uuid`; throws {@linkcode ProtocolError} when it is none. */
export function uuidToBytes(uuid: string): Uint8Array {
  const bytes = new Uint8Array(UUID_BYTES);
  writeUuid(uuid, bytes, 0);
  return bytes;
}

/** The six bits of a letter; NOT_A_LETTER, above 63, for any other character. */
function six(code: number): number {
  return code < 128 ? SIXES[code]! : NOT_A_LETTER;
}

function notAUuid(uuid: string): ProtocolError {
  return new ProtocolError(`Not a uuid: ${JSON.stringify(uuid)}, expected 22 letters of base64url`);
}
