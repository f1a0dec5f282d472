import { assert, type Disk, DiskError, type DiskFile } from "../base/mod.ts";

/** How a pooled file stands with the operating system. */
type Mode = "closed" | "reading" | "writing";

/**
 * Keeps at most `capacity` files open at once, so that many partitions with many segments don't
 * exhaust descriptors. Files open on first use and the ones that were not used lately are closed
 * (second chance, as the CLOCK page replacement). A file with a sync under way is never closed; only
 * such files may push the number of open files past the capacity.
 */
export class FilePool {
  readonly #disk: Disk;
  readonly #capacity: number;
  readonly #open: PooledFile[] = [];
  #hand = 0;

  /** `capacity` is at least 1. */
  constructor(disk: Disk, capacity: number) {
    assert(capacity >= 1, `File pool capacity ${capacity} is below 1`);
    this.#disk = disk;
    this.#capacity = capacity;
  }

  get disk(): Disk {
    return this.#disk;
  }

  get openCount(): number {
    return this.#open.length;
  }

  /** A file of this pool; nothing is opened yet. */
  file(path: string): PooledFile {
    return new PooledFile(this, path);
  }

  /** Opens `path` for `owner`, closing other files when there are too many. */
  admit(owner: PooledFile, path: string, write: boolean): DiskFile {
    while (this.#open.length >= this.#capacity) {
      if (!this.#closeOne()) break;
    }
    let file: DiskFile;
    try {
      file = this.#disk.open(path, { write, create: write });
    } catch (error) {
      if (!(error instanceof DiskError) || error.kind !== "too-many-files") throw error;
      // Others in this process hold descriptors too: make room once, then give up.
      if (!this.#closeOne()) throw error;
      for (let count = this.#open.length >> 1; count > 0; count--) this.#closeOne();
      file = this.#disk.open(path, { write, create: write });
    }
    this.#open.push(owner);
    return file;
  }

  /** Forgets an open file that its owner closes. */
  drop(owner: PooledFile): void {
    const index = this.#open.indexOf(owner);
    if (index < 0) return;
    const last = this.#open.pop()!;
    if (last !== owner) this.#open[index] = last;
  }

  /** Closes every file that has no sync under way. */
  closeAll(): void {
    for (const file of [...this.#open]) file.close();
  }

  #closeOne(): boolean {
    const files = this.#open;
    for (let step = 0; step < 2 * files.length; step++) {
      if (this.#hand >= files.length) this.#hand = 0;
      const candidate = files[this.#hand]!;
      if (candidate.mayEvict()) {
        candidate.close();
        return true;
      }
      this.#hand++;
    }
    return false;
  }
}

/**
 * One file by its path, open only while the pool has room for it. Positions and sizes are bytes; all
 * failures are {@linkcode DiskError}. Writing makes the file when it is missing.
 */
export class PooledFile {
  readonly #pool: FilePool;
  #path: string;
  #file: DiskFile | null = null;
  #mode: Mode = "closed";
  #usedLately = false;
  #syncs = 0;
  #closeWanted = false;

  /** Use {@linkcode FilePool.file}. */
  constructor(pool: FilePool, path: string) {
    this.#pool = pool;
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }

  /** Reads into `buffer`; the number of bytes is less than asked for only at the file's end. */
  read(buffer: Uint8Array, positionBytes: number): number {
    this.#usedLately = true;
    const file = this.#file ?? this.#openAs("reading");
    return file.read(buffer, positionBytes);
  }

  /** Writes all of `buffer`; on failure a part may be written. */
  write(buffer: Uint8Array, positionBytes: number): void {
    this.#usedLately = true;
    const file = this.#mode === "writing" ? this.#file! : this.#openAs("writing");
    file.write(buffer, positionBytes);
  }

  /** Cuts or grows (with zeros) the file, making it when it is missing. */
  truncate(sizeBytes: number): void {
    this.#usedLately = true;
    const file = this.#mode === "writing" ? this.#file! : this.#openAs("writing");
    file.truncate(sizeBytes);
  }

  /** The file's size; -1 when it does not exist. */
  sizeBytes(): number {
    if (this.#file !== null) return this.#file.sizeBytes();
    return this.#pool.disk.stat(this.#path)?.sizeBytes ?? -1;
  }

  /** When the file last changed, milliseconds since 1970; 0 when it does not exist. */
  modifiedMs(): number {
    return this.#pool.disk.stat(this.#path)?.modifiedMs ?? 0;
  }

  /** Resolves when what was written before would survive a power cut; a missing file is no error. */
  async sync(): Promise<void> {
    if (this.#file === null && this.#pool.disk.stat(this.#path) === null) return;
    // Windows flushes only handles that may write, and so does every other system too.
    const file = this.#mode === "writing" ? this.#file! : this.#openAs("writing");
    this.#usedLately = true;
    this.#syncs++;
    try {
      await file.sync();
    } finally {
      this.#syncs--;
      if (this.#closeWanted && this.#syncs === 0) this.close();
    }
  }

  /** The file was renamed: from now on it opens under `path`. */
  moved(path: string): void {
    this.#path = path;
  }

  /** Gives the descriptor back, at once or when the sync under way ends. */
  close(): void {
    if (this.#file === null) return;
    if (this.#syncs > 0) {
      this.#closeWanted = true;
      return;
    }
    const file = this.#file;
    this.#file = null;
    this.#mode = "closed";
    this.#closeWanted = false;
    this.#pool.drop(this);
    file.close();
  }

  /** For the pool: whether the file may be closed now; a used file is spared once. */
  mayEvict(): boolean {
    if (this.#syncs > 0) return false;
    if (this.#usedLately) {
      this.#usedLately = false;
      return false;
    }
    return true;
  }

  #openAs(mode: "reading" | "writing"): DiskFile {
    const before = this.#file;
    this.#closeWanted = false;
    if (before !== null) {
      // Reading so far, writing from now on. A sync never runs on a file opened for reading.
      this.#file = null;
      this.#pool.drop(this);
      before.close();
    }
    this.#mode = "closed";
    this.#usedLately = true;
    this.#file = this.#pool.admit(this, this.#path, mode === "writing");
    this.#mode = mode;
    return this.#file;
  }
}
