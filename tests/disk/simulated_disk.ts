import {
  below,
  type Disk,
  DiskError,
  type DiskErrorKind,
  type DiskFile,
  type DiskLock,
  type DiskSpace,
  type DiskStat,
  type OpenOptions,
  type Prng,
} from "../../broker/base/mod.ts";

const PAGE_BYTES = 4096;

/** One file: what programs see, and what would be left after a power cut. */
interface Content {
  bytes: Uint8Array;
  sizeBytes: number;
  /** As of the last sync. */
  durable: Uint8Array;
  modifiedMs: number;
  locked: boolean;
}

/** How the next operations go wrong. */
interface Fault {
  /** Operations that still go well. */
  after: number;
  readonly kind: DiskErrorKind;
  /** Which operations count; default: those that write. */
  readonly operations: readonly string[];
  /** Whether a failing write leaves a part of its bytes, as a full disk does. */
  readonly torn: boolean;
  /** How many operations fail; then the disk is well again. */
  times: number;
}

const WRITING = ["write", "truncate", "writeFile", "rename", "remove", "makeDirectory", "create"];

/**
 * A disk in memory that fails on demand and forgets what was not synced: names survive a power cut
 * (as a journaling file system keeps them), bytes only from the last sync on, page by page at random.
 */
export class SimulatedDisk implements Disk {
  readonly #files = new Map<string, Content>();
  readonly #directories = new Set<string>(["", "/"]);
  readonly #nowMs: () => number;
  #fault: Fault | null = null;
  /** Bytes that all files may take together. */
  capacityBytes = Infinity;
  /** Operations so far, by name. */
  readonly counts = new Map<string, number>();
  openCount = 0;
  /** Most files that were open at once. */
  openCountMax = 0;
  /** More files open than this fail, as a process out of descriptors does. */
  openLimit = Infinity;

  constructor(nowMs: () => number = () => 0) {
    this.#nowMs = nowMs;
  }

  /** Lets operations fail: the first after `after` others, and `times` of them. */
  failLater(
    options: {
      after?: number;
      kind?: DiskErrorKind;
      operations?: readonly string[];
      torn?: boolean;
      times?: number;
    } = {},
  ): void {
    this.#fault = {
      after: options.after ?? 0,
      kind: options.kind ?? "io",
      operations: options.operations ?? WRITING,
      torn: options.torn ?? true,
      times: options.times ?? 1,
    };
  }

  heal(): void {
    this.#fault = null;
    this.capacityBytes = Infinity;
  }

  /** The power goes: what was not synced is kept page by page with one chance in two. */
  loseUnsynced(prng: Prng): void {
    for (const content of this.#files.values()) {
      content.locked = false;
      const { bytes, sizeBytes, durable } = content;
      const kept = new Uint8Array(sizeBytes);
      for (let at = 0; at < sizeBytes; at += PAGE_BYTES) {
        const end = Math.min(at + PAGE_BYTES, sizeBytes);
        const source = below(prng, 2) === 0 ? bytes : durable;
        kept.set(source.subarray(at, Math.min(end, source.length)), at);
      }
      // The new size may be lost with the bytes.
      const size = below(prng, 2) === 0 ? sizeBytes : Math.min(durable.length, sizeBytes);
      content.bytes = kept;
      content.sizeBytes = size;
      content.durable = kept.slice(0, size);
    }
  }

  /** The process dies and starts anew: locks go, bytes stay. */
  releaseAll(): void {
    for (const content of this.#files.values()) content.locked = false;
    this.openCount = 0;
  }

  /** Flips the bits of one byte, synced as it is. */
  corrupt(path: string, position: number, mask = 0xff): void {
    const content = this.#existing(path);
    content.bytes[position]! ^= mask;
    content.durable = content.bytes.slice(0, content.sizeBytes);
  }

  /** Every file's bytes by path. */
  snapshot(): Map<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    for (const [path, content] of this.#files) {
      files.set(path, content.bytes.slice(0, content.sizeBytes));
    }
    return files;
  }

  open(path: string, options: OpenOptions = {}): DiskFile {
    this.#step("open", path);
    if (this.openCount >= this.openLimit) {
      throw new DiskError("too-many-files", `Cannot open ${path}: too many open files`, null);
    }
    if (!this.#files.has(path)) {
      if (!options.create || !options.write) this.#missing("open", path);
      this.#step("create", path);
      this.#make(path);
    }
    this.openCount++;
    this.openCountMax = Math.max(this.openCountMax, this.openCount);
    return new SimulatedFile(this, path, this.#files.get(path)!, options.write === true);
  }

  readFile(path: string): Uint8Array {
    this.#step("readFile", path);
    const { bytes, sizeBytes } = this.#existing(path);
    return bytes.slice(0, sizeBytes);
  }

  writeFile(path: string, bytes: Uint8Array): void {
    if (!this.#files.has(path)) {
      this.#step("create", path);
      this.#make(path);
    }
    const content = this.#files.get(path)!;
    this.truncate(content, path, 0, "writeFile");
    if (bytes.length > 0) this.writeAt(content, path, bytes, 0, "writeFile");
  }

  stat(path: string): DiskStat | null {
    this.#step("stat", path);
    const content = this.#files.get(path);
    if (content !== undefined) {
      return {
        sizeBytes: content.sizeBytes,
        isDirectory: false,
        modifiedMs: content.modifiedMs,
      };
    }
    if (!this.#directories.has(path)) return null;
    return { sizeBytes: 0, isDirectory: true, modifiedMs: 0 };
  }

  list(path: string): string[] {
    if (!this.#directories.has(path)) this.#missing("list", path);
    const prefix = `${path}/`;
    const names = new Set<string>();
    for (const other of [...this.#files.keys(), ...this.#directories]) {
      if (other.startsWith(prefix)) names.add(other.slice(prefix.length).split("/")[0]!);
    }
    return [...names].sort();
  }

  makeDirectory(path: string): void {
    this.#step("makeDirectory", path);
    const parts = path.split("/");
    for (let count = 1; count <= parts.length; count++) {
      this.#directories.add(parts.slice(0, count).join("/"));
    }
  }

  rename(from: string, to: string): void {
    this.#step("rename", from);
    const content = this.#files.get(from);
    if (content !== undefined) {
      this.#files.delete(from);
      this.#files.set(to, content);
      return;
    }
    if (!this.#directories.has(from)) this.#missing("rename", from);
    const moved = (path: string) => to + path.slice(from.length);
    for (const [path, inside] of [...this.#files]) {
      if (!path.startsWith(`${from}/`)) continue;
      this.#files.delete(path);
      this.#files.set(moved(path), inside);
    }
    for (const path of [...this.#directories]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#directories.delete(path);
      this.#directories.add(moved(path));
    }
  }

  remove(path: string): void {
    this.#step("remove", path);
    for (const other of [...this.#files.keys()]) {
      if (other === path || other.startsWith(`${path}/`)) this.#files.delete(other);
    }
    for (const other of [...this.#directories]) {
      if (other === path || other.startsWith(`${path}/`)) this.#directories.delete(other);
    }
  }

  async syncDirectory(path: string): Promise<void> {
    await Promise.resolve();
    this.#step("syncDirectory", path);
  }

  async lock(path: string): Promise<DiskLock | null> {
    await Promise.resolve();
    if (!this.#files.has(path)) this.#make(path);
    const content = this.#files.get(path)!;
    if (content.locked) return null;
    content.locked = true;
    return { release: () => content.locked = false };
  }

  space(_path: string): DiskSpace {
    const totalBytes = Math.min(this.capacityBytes, Number.MAX_SAFE_INTEGER);
    return { totalBytes, usableBytes: Math.max(0, totalBytes - this.#usedBytes()) };
  }

  /** For open files. */
  writeAt(
    content: Content,
    path: string,
    bytes: Uint8Array,
    at: number,
    operation = "write",
  ): void {
    const end = at + bytes.length;
    const fault = this.#faultFor(operation);
    const grows = Math.max(0, end - content.sizeBytes);
    const free = this.capacityBytes - this.#usedBytes();
    if (fault === null && grows <= free) {
      put(content, bytes, at);
      content.modifiedMs = this.#nowMs();
      return;
    }
    const part = fault === null
      ? Math.max(0, bytes.length - (grows - Math.max(0, free)))
      : fault.torn
      ? bytes.length >> 1
      : 0;
    put(content, bytes.subarray(0, part), at);
    const kind = fault?.kind ?? "no-space";
    throw new DiskError(kind, `Cannot ${operation} ${path}: ${kind}`, null);
  }

  /** For open files. */
  truncate(content: Content, path: string, sizeBytes: number, operation = "truncate"): void {
    this.#step(operation, path);
    reserve(content, sizeBytes);
    content.bytes.fill(0, Math.min(sizeBytes, content.sizeBytes));
    content.sizeBytes = sizeBytes;
    content.modifiedMs = this.#nowMs();
  }

  /** For open files. */
  async sync(content: Content, path: string): Promise<void> {
    await Promise.resolve();
    this.#step("sync", path);
    content.durable = content.bytes.slice(0, content.sizeBytes);
  }

  /** For open files: counts a read, which may fail. */
  readStep(path: string): void {
    this.#step("read", path);
  }

  #usedBytes(): number {
    let sum = 0;
    for (const { sizeBytes } of this.#files.values()) sum += sizeBytes;
    return sum;
  }

  #make(path: string): void {
    const directory = path.slice(0, path.lastIndexOf("/"));
    if (!this.#directories.has(directory)) this.#missing("make", path);
    this.#files.set(path, {
      bytes: new Uint8Array(0),
      sizeBytes: 0,
      durable: new Uint8Array(0),
      modifiedMs: this.#nowMs(),
      locked: false,
    });
  }

  #existing(path: string): Content {
    return this.#files.get(path) ?? this.#missing("read", path);
  }

  #missing(action: string, path: string): never {
    throw new DiskError("not-found", `Cannot ${action} ${path}: no such file`, null);
  }

  #step(operation: string, path: string): void {
    const fault = this.#faultFor(operation);
    if (fault === null) return;
    throw new DiskError(fault.kind, `Cannot ${operation} ${path}: ${fault.kind}`, null);
  }

  #faultFor(operation: string): Fault | null {
    this.counts.set(operation, (this.counts.get(operation) ?? 0) + 1);
    const fault = this.#fault;
    if (fault === null || !fault.operations.includes(operation)) return null;
    if (fault.after > 0) {
      fault.after--;
      return null;
    }
    if (--fault.times === 0) this.#fault = null;
    return fault;
  }
}

class SimulatedFile implements DiskFile {
  readonly path: string;
  readonly #disk: SimulatedDisk;
  readonly #content: Content;
  readonly #writable: boolean;
  #closed = false;

  constructor(disk: SimulatedDisk, path: string, content: Content, writable: boolean) {
    this.#disk = disk;
    this.path = path;
    this.#content = content;
    this.#writable = writable;
  }

  read(buffer: Uint8Array, positionBytes: number): number {
    this.#use(false);
    this.#disk.readStep(this.path);
    const { bytes, sizeBytes } = this.#content;
    const part = bytes.subarray(
      Math.min(positionBytes, sizeBytes),
      Math.min(positionBytes + buffer.length, sizeBytes),
    );
    buffer.set(part);
    return part.length;
  }

  write(buffer: Uint8Array, positionBytes: number): void {
    this.#use(true);
    this.#disk.writeAt(this.#content, this.path, buffer, positionBytes);
  }

  truncate(sizeBytes: number): void {
    this.#use(true);
    this.#disk.truncate(this.#content, this.path, sizeBytes);
  }

  sizeBytes(): number {
    this.#use(false);
    return this.#content.sizeBytes;
  }

  sync(): Promise<void> {
    this.#use(false);
    return this.#disk.sync(this.#content, this.path);
  }

  close(): void {
    this.#use(false);
    this.#closed = true;
    this.#disk.openCount--;
  }

  #use(write: boolean): void {
    if (this.#closed) throw new Error(`${this.path} is closed`);
    if (write && !this.#writable) throw new Error(`${this.path} was opened for reading`);
  }
}

function reserve(content: Content, sizeBytes: number): void {
  if (sizeBytes <= content.bytes.length) return;
  const grown = new Uint8Array(Math.max(sizeBytes, content.bytes.length * 2));
  grown.set(content.bytes.subarray(0, content.sizeBytes));
  content.bytes = grown;
}

function put(content: Content, bytes: Uint8Array, at: number): void {
  if (bytes.length === 0) return;
  reserve(content, at + bytes.length);
  content.bytes.set(bytes, at);
  content.sizeBytes = Math.max(content.sizeBytes, at + bytes.length);
}
