import { type Disk, DiskError } from "../base/mod.ts";

/** A file of a format that is not what it should be; the message names the file and what is wrong. */
export class FileFormatError extends Error {
  override readonly name = "FileFormatError";
}

/**
 * A small file that is replaced as a whole, so that a crash leaves the old or the new content.
 * Writes follow one another, and of those that wait only the newest is carried out.
 */
export class SmallFile {
  readonly #disk: Disk;
  #path: string;
  #wanted: Uint8Array | null = null;
  #running: Promise<void> | null = null;
  #generation = 0;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }

  /** The file is from now on known at another place (its directory was renamed). */
  moveTo(path: string): void {
    this.#path = path;
  }

  /** The file's text; null when it is missing. */
  readText(): string | null {
    try {
      return new TextDecoder().decode(this.#disk.readFile(this.#path));
    } catch (error) {
      if (error instanceof DiskError && error.kind === "not-found") return null;
      throw error;
    }
  }

  /** Resolves when `bytes`, or what was asked for after them, would survive a power cut. */
  write(bytes: Uint8Array): Promise<void> {
    this.#wanted = bytes;
    return this.#running ??= this.#drain();
  }

  /** Resolves when no write is under way; rejects when the one under way fails. */
  settled(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  /**
   * Replaces the file at once, without waiting for the device: a crash of this process leaves the new
   * content, a power cut the old or the new. An older write under way does not undo it.
   */
  writeNow(bytes: Uint8Array): void {
    this.#generation++;
    this.#wanted = null;
    const temporary = `${this.#path}.new`;
    this.#disk.writeFile(temporary, bytes);
    this.#disk.rename(temporary, this.#path);
  }

  async #drain(): Promise<void> {
    try {
      while (this.#wanted !== null) {
        const bytes = this.#wanted;
        this.#wanted = null;
        await this.#replace(bytes);
      }
    } finally {
      this.#running = null;
    }
  }

  async #replace(bytes: Uint8Array): Promise<void> {
    const generation = this.#generation;
    const path = this.#path;
    const temporary = `${path}.tmp`;
    this.#disk.writeFile(temporary, bytes);
    const file = this.#disk.open(temporary, { write: true });
    try {
      await file.sync();
    } finally {
      file.close();
    }
    if (generation !== this.#generation || path !== this.#path) {
      this.#disk.remove(temporary);
      return;
    }
    this.#disk.rename(temporary, path);
    await this.#disk.syncDirectory(path.slice(0, path.lastIndexOf("/")));
  }
}
