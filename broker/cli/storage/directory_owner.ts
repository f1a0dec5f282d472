import type { Disk } from "../../base/mod.ts";
import { FileFormatError, type MetaProperties, readMetaProperties } from "../../log/mod.ts";
import { CommandError } from "../command_error.ts";

/**
 * Whose a directory is; null while it is not formatted. Throws a CommandError when its
 * `meta.properties` cannot be understood.
 */
export function readOwner(disk: Disk, directory: string): MetaProperties | null {
  try {
    return readMetaProperties(disk, directory);
  } catch (error) {
    if (error instanceof FileFormatError) throw new CommandError(error.message);
    throw error;
  }
}
