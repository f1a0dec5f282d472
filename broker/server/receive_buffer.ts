import { type ReceiveMemory, WARM_BYTES } from "./receive_memory.ts";

/** A peer sent a frame length that no Kafka client sends; the connection can't be used any more. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

const SMALL_BYTES = 1024;
/** A large buffer up to this size is kept between the frames of a busy connection. */
const KEPT_LARGE_BYTES_MAX = 2 * 1024 * 1024;
/** A frame above this size gets its memory as its bytes arrive, not as its length is announced. */
const EAGER_BYTES_MAX = 4 * 1024 * 1024;
/** After so many reads in a row that a small buffer would have held, a warm buffer is given back. */
const SMALL_READS_MAX = 16;

/**
 * The bytes that one connection has received and not yet handled. While a connection is quiet it
 * owns a kilobyte; larger frames are read into a warm buffer, frames above that into one of their
 * own, which grows with what arrives up to the announced length. Frames are handed out as views that
 * hold until the next `prepare()`.
 */
export class ReceiveBuffer {
  readonly #memory: ReceiveMemory;
  readonly #frameBytesMax: number;
  readonly #small = new Uint8Array(SMALL_BYTES);
  #bytes = this.#small;
  #view = new DataView(this.#small.buffer);
  #start = 0;
  #end = 0;
  #reservedBytes = 0;
  #keptBytes = 0;
  #smallReads = 0;
  #wantsWarm = false;

  /** `frameBytesMax` is the longest frame that is accepted (`socket.request.max.bytes`). */
  constructor(memory: ReceiveMemory, frameBytesMax: number) {
    this.#memory = memory;
    this.#frameBytesMax = frameBytesMax;
  }

  /** Bytes received and not yet handed out. */
  get restBytes(): number {
    return this.#end - this.#start;
  }

  /** Size of the memory behind this buffer. */
  get capacityBytes(): number {
    return this.#bytes.length;
  }

  /**
   * The next whole frame without its length, or null when more bytes are needed. Throws
   * {@linkcode FrameError} when the length is negative or above the limit.
   */
  next(): Uint8Array | null {
    const length = this.#frameLength();
    if (length < 0 || this.restBytes < 4 + length) return null;
    const from = this.#start + 4;
    this.#start = from + length;
    return this.#bytes.subarray(from, from + length);
  }

  /**
   * Makes room for the next read: drops or moves what earlier frames used, grows for a frame that does
   * not fit, shrinks when nothing is under way. Returns a promise when the memory for a large frame is
   * not free yet; the buffer is ready when it resolves. Views handed out before are void from here.
   */
  prepare(): Promise<void> | null {
    const restBytes = this.restBytes;
    if (restBytes === 0) {
      this.#settle();
      return null;
    }
    const neededBytes = 4 + Math.max(0, this.#frameLength());
    if (neededBytes <= this.#bytes.length) {
      this.#moveToFront();
      return null;
    }
    if (neededBytes <= WARM_BYTES) {
      this.#replace(this.#memory.takeWarm());
      return null;
    }
    if (this.#reservedBytes < neededBytes) {
      // What this buffer had reserved goes first: two large frames that each wait for the other's
      // memory would wait for ever.
      if (this.#reservedBytes > 0) this.#memory.release(this.#reservedBytes);
      this.#reservedBytes = neededBytes;
      const wait = this.#memory.reserve(neededBytes);
      if (wait !== null) return wait.then(() => this.#growFor(neededBytes));
    }
    this.#growFor(neededBytes);
    return null;
  }

  /** Where the next read puts its bytes; never empty after `prepare()`. */
  room(): Uint8Array {
    return this.#bytes.subarray(this.#end);
  }

  /** Notes that a read put `byteCount` bytes into `room()`. */
  received(byteCount: number): void {
    this.#wantsWarm = this.#end + byteCount === this.#bytes.length;
    this.#end += byteCount;
    this.#smallReads = byteCount > SMALL_BYTES ? 0 : this.#smallReads + 1;
  }

  /** The first bytes of what was received last, at most `byteCount`: for messages about bad frames. */
  peek(byteCount: number): Uint8Array {
    return this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + byteCount));
  }

  /** Gives all memory back. No read may be under way and no view in use. */
  release(): void {
    this.#start = this.#end = 0;
    this.#use(this.#small);
  }

  /** Length of the frame at the front, or -1 while its four bytes are not there. */
  #frameLength(): number {
    if (this.restBytes < 4) return -1;
    const length = this.#view.getInt32(this.#start);
    if (length < 0 || length > this.#frameBytesMax) {
      throw new FrameError(
        `Frame of ${length} bytes; allowed are 0 to ${this.#frameBytesMax}`,
      );
    }
    return length;
  }

  /** Nothing is under way: keeps or gives back the larger memory. */
  #settle(): void {
    this.#start = this.#end = 0;
    const capacity = this.#bytes.length;
    if (capacity === SMALL_BYTES) {
      if (this.#wantsWarm) this.#use(this.#memory.takeWarm());
      return;
    }
    const worthKeeping = capacity <= KEPT_LARGE_BYTES_MAX && this.#smallReads < SMALL_READS_MAX;
    if (worthKeeping && this.#keep(capacity)) return;
    this.#use(this.#small);
  }

  #keep(sizeBytes: number): boolean {
    if (this.#keptBytes > 0) return true;
    if (!this.#memory.keep(sizeBytes)) return false;
    this.#keptBytes = sizeBytes;
    return true;
  }

  #growFor(neededBytes: number): void {
    const restBytes = this.restBytes;
    const capacity = neededBytes <= EAGER_BYTES_MAX
      ? neededBytes
      : Math.min(neededBytes, Math.max(EAGER_BYTES_MAX, 4 * restBytes));
    if (capacity > this.#bytes.length) this.#replace(new Uint8Array(capacity));
    else this.#moveToFront();
  }

  #moveToFront(): void {
    if (this.#start === 0) return;
    this.#bytes.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }

  /** Goes on with `bytes` as memory, the rest moved to its front. */
  #replace(bytes: Uint8Array<ArrayBuffer>): void {
    bytes.set(this.#bytes.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
    const reservedBytes = this.#reservedBytes;
    this.#reservedBytes = 0;
    this.#use(bytes);
    this.#reservedBytes = reservedBytes;
  }

  #use(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#keptBytes > 0) this.#memory.unkeep(this.#keptBytes);
    if (this.#reservedBytes > 0) this.#memory.release(this.#reservedBytes);
    this.#keptBytes = this.#reservedBytes = 0;
    if (this.#bytes.length === WARM_BYTES) this.#memory.giveWarm(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
