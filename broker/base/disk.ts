import fs from "node:fs";
import { systemClock } from "./clock.ts";

/** Why a disk operation failed, as far as callers act on it. */
export type DiskErrorKind =
  | "not-found"
  | "exists"
  | "no-space"
  | "read-only"
  | "permission"
  | "not-directory"
  | "too-many-files"
  | "io";

/** An operating failure of the disk; `cause` holds the system's own error. */
export class DiskError extends Error {
  override readonly name = "DiskError";

  constructor(readonly kind: DiskErrorKind, message: string, cause: unknown) {
    super(message, { cause });
  }
}

/** How {@linkcode Disk.open} opens a file. */
export interface OpenOptions {
  /** Open for writing as well; default: reading alone. */
  readonly write?: boolean;
  /** Make the file if it is missing; needs `write`. */
  readonly create?: boolean;
}

/** What {@linkcode Disk.stat} tells of a path. */
export interface DiskStat {
  readonly sizeBytes: number;
  readonly isDirectory: boolean;
  readonly modifiedMs: number;
}

/** An open file. Reads and writes name their position and are synchronous; only syncing waits. */
export interface DiskFile {
  readonly path: string;
  /** Reads into `buffer` from `positionBytes` on; the number of bytes read is less only at the end. */
  read(buffer: Uint8Array, positionBytes: number): number;
  /** Writes all of `buffer` at `positionBytes`, growing the file. On failure a part may be written. */
  write(buffer: Uint8Array, positionBytes: number): void;
  /** Cuts or grows (with zeros) the file to `sizeBytes`. */
  truncate(sizeBytes: number): void;
  sizeBytes(): number;
  /** Resolves when the file's bytes and size would survive a power cut. */
  sync(): Promise<void>;
  close(): void;
}

/** Room of a file system, in bytes; -1 where it can't be told. */
export interface DiskSpace {
  readonly totalBytes: number;
  /** What a program without special rights may still use. */
  readonly usableBytes: number;
}

/** A held lock file. */
export interface DiskLock {
  release(): void;
}

/**
 * Files and directories as rooms may reach them. All failures are {@linkcode DiskError}. The
 * simulator's disk implements it too and loses what was not synced.
 */
export interface Disk {
  open(path: string, options?: OpenOptions): DiskFile;
  /** The file's bytes; throws `not-found`. */
  readFile(path: string): Uint8Array;
  /** Writes the whole file in place, making it if needed. Not atomic: see {@linkcode replaceFile}. */
  writeFile(path: string, bytes: Uint8Array): void;
  /** Null when nothing is there. */
  stat(path: string): DiskStat | null;
  /** Names in a directory, in ascending order. */
  list(path: string): string[];
  /** Makes a directory and those above it; does nothing when it exists. */
  makeDirectory(path: string): void;
  /** Moves a file or directory; an existing file at `to` is replaced. */
  rename(from: string, to: string): void;
  /** Removes a file, or a directory with all in it; does nothing when nothing is there. */
  remove(path: string): void;
  /** Resolves when the names in a directory would survive a power cut. */
  syncDirectory(path: string): Promise<void>;
  /** Takes an exclusive lock on the file, making it; null when another process holds it. */
  lock(path: string): Promise<DiskLock | null>;
  /** The room of the file system that holds `path`. Never throws. */
  space(path: string): DiskSpace;
}

const KINDS: Record<string, DiskErrorKind> = {
  ENOENT: "not-found",
  EEXIST: "exists",
  ENOSPC: "no-space",
  EDQUOT: "no-space",
  EROFS: "read-only",
  EACCES: "permission",
  EPERM: "permission",
  ENOTDIR: "not-directory",
  EMFILE: "too-many-files",
  ENFILE: "too-many-files",
};

function failed(action: string, path: string, cause: unknown): DiskError {
  const code = (cause as { code?: string }).code ?? "EIO";
  const text = cause instanceof Error ? cause.message : String(cause);
  return new DiskError(KINDS[code] ?? "io", `Cannot ${action} ${path}: ${text}`, cause);
}

function attempt<T>(action: string, path: string, operation: () => T): T {
  try {
    return operation();
  } catch (cause) {
    throw failed(action, path, cause);
  }
}

function syncDescriptor(descriptor: number, path: string): Promise<void> {
  return new Promise((resolve, reject) =>
    fs.fsync(descriptor, (cause) => cause ? reject(failed("sync", path, cause)) : resolve())
  );
}

class SystemFile implements DiskFile {
  readonly #descriptor: number;

  constructor(readonly path: string, options: OpenOptions) {
    const { O_RDONLY, O_RDWR, O_CREAT } = fs.constants;
    const flags = options.write ? O_RDWR | (options.create ? O_CREAT : 0) : O_RDONLY;
    this.#descriptor = attempt("open", path, () => fs.openSync(path, flags, 0o644));
  }

  read(buffer: Uint8Array, positionBytes: number): number {
    let done = 0;
    while (done < buffer.length) {
      const count = attempt(
        "read",
        this.path,
        () =>
          fs.readSync(this.#descriptor, buffer, done, buffer.length - done, positionBytes + done),
      );
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  write(buffer: Uint8Array, positionBytes: number): void {
    let done = 0;
    while (done < buffer.length) {
      done += attempt(
        "write",
        this.path,
        () =>
          fs.writeSync(this.#descriptor, buffer, done, buffer.length - done, positionBytes + done),
      );
    }
  }

  truncate(sizeBytes: number): void {
    attempt("truncate", this.path, () => fs.ftruncateSync(this.#descriptor, sizeBytes));
  }

  sizeBytes(): number {
    return attempt("stat", this.path, () => fs.fstatSync(this.#descriptor).size);
  }

  sync(): Promise<void> {
    return syncDescriptor(this.#descriptor, this.path);
  }

  close(): void {
    attempt("close", this.path, () => fs.closeSync(this.#descriptor));
  }
}

/** The machine's disk. */
export const systemDisk: Disk = {
  open: (path, options = {}) => new SystemFile(path, options),
  readFile: (path) => attempt("read", path, () => Deno.readFileSync(path)),
  writeFile: (path, bytes) => attempt("write", path, () => fs.writeFileSync(path, bytes)),
  stat(path) {
    try {
      // A third of what node:fs takes, which counts with 10,000 partitions.
      const { size, isDirectory, mtime } = Deno.statSync(path);
      return { sizeBytes: size, isDirectory, modifiedMs: mtime?.getTime() ?? 0 };
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory) {
        return null;
      }
      throw failed("stat", path, cause);
    }
  },
  list: (path) => attempt("list", path, () => fs.readdirSync(path).sort()),
  makeDirectory(path) {
    attempt("make directory", path, () => fs.mkdirSync(path, { recursive: true }));
  },
  rename: (from, to) => attempt("rename", from, () => fs.renameSync(from, to)),
  remove: (path) =>
    attempt("remove", path, () => fs.rmSync(path, { recursive: true, force: true })),
  async syncDirectory(path) {
    // Windows can't open a directory; its file system journals names by itself.
    if (Deno.build.os === "windows") return;
    const descriptor = attempt("open", path, () => fs.openSync(path, fs.constants.O_RDONLY));
    try {
      await syncDescriptor(descriptor, path);
    } finally {
      fs.closeSync(descriptor);
    }
  },
  async lock(path) {
    const file = attempt(
      "lock",
      path,
      () => Deno.openSync(path, { read: true, write: true, create: true }),
    );
    if (!await attempt("lock", path, () => tryLock(file))) {
      file.close();
      return null;
    }
    return { release: () => file.close() };
  },
  space(path) {
    try {
      const { bsize, blocks, bavail } = fs.statfsSync(path);
      return { totalBytes: bsize * blocks, usableBytes: bsize * bavail };
    } catch {
      return { totalBytes: -1, usableBytes: -1 };
    }
  },
};

/** How long a lock is waited for where the runtime can't just try (Deno before 2.9). */
const LOCK_WAIT_MS = 300;

function tryLock(file: Deno.FsFile): boolean | Promise<boolean> {
  if (typeof file.tryLockSync === "function") return file.tryLockSync(true);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = systemClock.schedule(LOCK_WAIT_MS, () => resolve(false));
  file.lock(true).then(() => resolve(true), () => resolve(false)).finally(() => timer.cancel());
  return promise;
}

/**
 * Replaces a small file so that a crash leaves either the old or the new content: writes a sibling
 * `.tmp`, syncs it, renames it over `path`, syncs the directory (as Kafka writes its checkpoints).
 */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  disk.writeFile(temporary, bytes);
  const file = disk.open(temporary, { write: true });
  try {
    await file.sync();
  } finally {
    file.close();
  }
  disk.rename(temporary, path);
  const slash = path.lastIndexOf("/");
  await disk.syncDirectory(slash <= 0 ? "." : path.slice(0, slash));
}
