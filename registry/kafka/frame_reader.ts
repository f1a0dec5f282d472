/** Cuts a stream of bytes into frames: an int32 length in front of each. */

/** No answer that is asked for here is longer; a longer length is no answer of Kafka's. */
export const FRAME_BYTES_MAX = 512 * 1024 * 1024;

const LENGTH_BYTES = 4;

/**
 * Takes bytes as they arrive and gives whole frames, without their length. A frame that lies in one
 * piece is a view of it; one that arrives in pieces is put together once it is whole, so that memory
 * grows with the bytes that came and not with what a length promises.
 */
export class FrameReader {
  readonly #frameBytesMax: number;
  #pieces: Uint8Array[] = [];
  #piecesBytes = 0;

  constructor(frameBytesMax: number = FRAME_BYTES_MAX) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** Calls `onFrame` for each frame that is whole now. Throws RangeError on a length that can't be. */
  push(bytes: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    let rest = bytes;
    if (this.#piecesBytes > 0) {
      this.#pieces.push(bytes);
      this.#piecesBytes += bytes.length;
      if (this.#piecesBytes < this.#bytesNeeded()) return;
      rest = joined(this.#pieces, this.#piecesBytes);
      this.#pieces = [];
      this.#piecesBytes = 0;
    }
    let at = 0;
    while (rest.length - at >= LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + this.#lengthAt(rest, at);
      if (end > rest.length) break;
      onFrame(rest.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    if (at < rest.length) {
      this.#pieces.push(at === 0 ? rest : rest.subarray(at));
      this.#piecesBytes = rest.length - at;
    }
  }

  /** Bytes from which the first frame can be cut, as far as the pieces tell. */
  #bytesNeeded(): number {
    const first = this.#pieces[0]!;
    if (first.length >= LENGTH_BYTES) return LENGTH_BYTES + this.#lengthAt(first, 0);
    if (this.#piecesBytes < LENGTH_BYTES) return LENGTH_BYTES;
    // The length itself came in pieces: from now on it lies in the first.
    this.#pieces = [joined(this.#pieces, this.#piecesBytes)];
    return LENGTH_BYTES + this.#lengthAt(this.#pieces[0]!, 0);
  }

  #lengthAt(bytes: Uint8Array, at: number): number {
    const length = bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!;
    if (length < 0 || length > this.#frameBytesMax) {
      throw new RangeError(`a length of ${length} bytes, at most ${this.#frameBytesMax} are taken`);
    }
    return length;
  }
}

function joined(pieces: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
