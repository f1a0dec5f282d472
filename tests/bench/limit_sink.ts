/**
 * The bare limit: the least that a Deno process must do to take the batches of a Java producer: read,
 * cut frames, check the CRC, patch the offset, one write a batch, answer. Not a broker: fixed answers,
 * one topic of four partitions, old versions. It shows what share of the limit a broker reaches.
 *
 *     deno run -A limit_sink.ts PORT DIRECTORY
 */
import { crc32c, loadHardwareCrc32c } from "../../broker/base/crc32c.ts";

const TOPIC = "bench";
const PARTITIONS = 4;
const BUFFER_BYTES = 1 << 20;
const NONE = -2147483648;
const encoder = new TextEncoder();

/** Writes one small answer: a length, a correlation id, fields. */
class AnswerWriter {
  readonly #bytes = new Uint8Array(4096);
  readonly #view = new DataView(this.#bytes.buffer);
  #offset = 4;

  int8(value: number): this {
    this.#view.setInt8(this.#offset, value);
    this.#offset += 1;
    return this;
  }

  int16(value: number): this {
    this.#view.setInt16(this.#offset, value);
    this.#offset += 2;
    return this;
  }

  int32(value: number): this {
    this.#view.setInt32(this.#offset, value);
    this.#offset += 4;
    return this;
  }

  int64(value: number): this {
    return this.int32(Math.floor(value / 2 ** 32)).int32(value | 0);
  }

  text(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = encoder.encode(value);
    this.int16(bytes.length);
    this.#bytes.set(bytes, this.#offset);
    this.#offset += bytes.length;
    return this;
  }

  done(): Uint8Array {
    this.#view.setInt32(0, this.#offset - 4);
    return this.#bytes.slice(0, this.#offset);
  }
}

/** The files that take the batches, and the offset that each gives next. */
class Partitions {
  readonly #files: Deno.FsFile[];
  readonly #nextOffsets = new Array<number>(PARTITIONS).fill(0);

  constructor(directory: string) {
    Deno.mkdirSync(directory, { recursive: true });
    this.#files = this.#nextOffsets.map((_, index) =>
      Deno.openSync(`${directory}/${index}.log`, { create: true, write: true, append: true })
    );
  }

  /** Appends one batch, which lies at `[start, end)` of the buffer; gives its first offset. */
  append(index: number, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    if (crc32c(bytes, start + 21, end) !== view.getUint32(start + 17)) throw new Error("Bad CRC");
    const base = this.#nextOffsets[index]!;
    view.setInt32(start, 0);
    view.setInt32(start + 4, base);
    view.setInt32(start + 12, 0);
    this.#nextOffsets[index] = base + view.getInt32(start + 57);
    this.#files[index]!.writeSync(bytes.subarray(start, end));
    return base;
  }
}

function answerApiVersions(writer: AnswerWriter, version: number): Uint8Array {
  writer.int16(version > 2 ? 35 : 0).int32(4);
  for (const [key, first, last] of [[18, 0, 2], [3, 0, 8], [0, 3, 8], [22, 0, 1]] as const) {
    writer.int16(key).int16(first).int16(last);
  }
  if (version > 0 && version <= 2) writer.int32(0);
  return writer.done();
}

function answerMetadata(writer: AnswerWriter, port: number): Uint8Array {
  writer.int32(0).int32(1).int32(1).text("127.0.0.1").int32(port).text(null).text("sink").int32(1);
  writer.int32(1).int16(0).text(TOPIC).int8(0).int32(PARTITIONS);
  for (let index = 0; index < PARTITIONS; index++) {
    writer.int16(0).int32(index).int32(1).int32(0);
    writer.int32(1).int32(1).int32(1).int32(1).int32(0);
  }
  return writer.int32(NONE).int32(NONE).done();
}

/** Takes the produce request at `start`, behind its header; null when no answer is wanted. */
function answerProduce(
  writer: AnswerWriter,
  partitions: Partitions,
  bytes: Uint8Array,
  view: DataView,
  start: number,
): Uint8Array | null {
  let at = start;
  at += 2 + Math.max(0, view.getInt16(at)); // transactional id
  const acks = view.getInt16(at);
  at += 6;
  const topics = view.getInt32(at);
  at += 4;
  writer.int32(topics);
  for (let topic = 0; topic < topics; topic++) {
    at += 2 + view.getInt16(at);
    const count = view.getInt32(at);
    at += 4;
    writer.text(TOPIC).int32(count);
    for (let entry = 0; entry < count; entry++) {
      const index = view.getInt32(at), size = view.getInt32(at + 4);
      at += 8;
      const base = partitions.append(index, bytes, view, at, at + size);
      at += size;
      writer.int32(index).int16(0).int64(base).int64(-1).int64(0).int32(0).text(null);
    }
  }
  writer.int32(0);
  return acks === 0 ? null : writer.done();
}

function answer(
  partitions: Partitions,
  port: number,
  bytes: Uint8Array,
  view: DataView,
  start: number,
): Uint8Array | null {
  const key = view.getInt16(start), version = view.getInt16(start + 2);
  const body = start + 10 + Math.max(0, view.getInt16(start + 8));
  const writer = new AnswerWriter().int32(view.getInt32(start + 4));
  if (key === 18) return answerApiVersions(writer, version);
  if (key === 3) return answerMetadata(writer, port);
  if (key === 22) return writer.int32(0).int16(0).int64(7).int16(0).done();
  if (key !== 0) throw new Error(`The sink knows no API ${key}`);
  return answerProduce(writer, partitions, bytes, view, body);
}

async function serve(partitions: Partitions, port: number, socket: Deno.TcpConn): Promise<void> {
  let bytes = new Uint8Array(BUFFER_BYTES), view = new DataView(bytes.buffer);
  let start = 0, end = 0;
  for (;;) {
    const count = await socket.read(bytes.subarray(end));
    if (count === null) break;
    end += count;
    const answers: Uint8Array[] = [];
    while (end - start >= 4) {
      const size = 4 + view.getInt32(start);
      if (end - start < size) {
        if (size > bytes.length - start) {
          const room = size > bytes.length ? new Uint8Array(size) : bytes;
          room.set(bytes.subarray(start, end));
          end -= start;
          start = 0;
          if (room !== bytes) {
            bytes = room;
            view = new DataView(bytes.buffer);
          }
        }
        break;
      }
      const found = answer(partitions, port, bytes, view, start + 4);
      start += size;
      if (found !== null) answers.push(found);
    }
    if (start === end) start = end = 0;
    else if (end === bytes.length) {
      bytes.copyWithin(0, start, end);
      end -= start;
      start = 0;
    }
    for (const found of answers) {
      for (let rest = found; rest.length > 0;) rest = rest.subarray(await socket.write(rest));
    }
  }
}

if (import.meta.main) {
  const port = Number(Deno.args[0]);
  const partitions = new Partitions(Deno.args[1]!);
  await loadHardwareCrc32c();
  for await (const socket of Deno.listen({ hostname: "127.0.0.1", port })) {
    socket.setNoDelay(true);
    serve(partitions, port, socket).catch((error) => console.error(String(error)));
  }
}
