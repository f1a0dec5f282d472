import type { CompatibilityPolicy, Incompatibility } from "../compatibility/mod.ts";
import type { ParsedSchema } from "../formats/mod.ts";
import type { CompatibilityLevel } from "./config.ts";
import type { Md5 } from "./content_hash.ts";
import { keyText, type RecordKey, type RegistryRecord } from "./record_key.ts";
import type { SchemaReader } from "./schema_reader.ts";
import type { RegistryState } from "./state.ts";

/** How many items a list may have: without a limit asked for, and with one. */
export interface PageLimits {
  readonly default: number;
  readonly max: number;
}

/** What the operator sets; the keys that name it in a properties file are in brackets. */
export interface StoreSettings {
  /** Level where no scope sets one (`schema.compatibility.level`). */
  readonly compatibilityLevel: CompatibilityLevel;
  /** Whether schemas are stored in their normalised form where no scope says. */
  readonly normalize: boolean;
  /** Whether reserved field names are minded where no scope says (`schema.validate.fields`). */
  readonly validateFields: boolean;
  /** Whether new schemas are held to strict rules (`schema.validate.new.schemas`). */
  readonly validateNewSchemas: boolean;
  /** Whether modes may be changed (`mode.mutability`). */
  readonly modeMutability: boolean;
  /** Whether the subject "" is refused (`schema.reject.empty.subject`). */
  readonly rejectEmptySubject: boolean;
  /** The code of an incompatible schema: 409 up to level 8.1 of the API, 40901 from 8.2 on. */
  readonly incompatibleErrorCode: 409 | 40901;
  readonly schemaPage: PageLimits;
  readonly subjectPage: PageLimits;
  readonly versionPage: PageLimits;
  readonly contextPage: PageLimits;
  /** How many parsed schemas are kept, and bytes of them, roughly (`schema.cache.size`). */
  readonly cacheEntriesMax: number;
  readonly cacheBytesMax: number;
}

const UNLIMITED: PageLimits = { default: Infinity, max: Infinity };

/** What holds where the operator sets nothing. */
export const DEFAULT_SETTINGS: StoreSettings = {
  compatibilityLevel: "BACKWARD",
  normalize: false,
  validateFields: false,
  validateNewSchemas: true,
  modeMutability: true,
  rejectEmptySubject: false,
  incompatibleErrorCode: 409,
  schemaPage: { default: 1000, max: 1000 },
  subjectPage: UNLIMITED,
  versionPage: UNLIMITED,
  contextPage: UNLIMITED,
  cacheEntriesMax: 1000,
  cacheBytesMax: 32 * 1024 * 1024,
};

/** What stands against a reader's schema reading what a writer's wrote; [] when nothing does. */
export type Incompatibilities = (
  reader: ParsedSchema,
  writer: ParsedSchema,
  policy: CompatibilityPolicy,
) => readonly Incompatibility[];

/** What every read and every decision stands on. */
export interface StoreCore {
  readonly state: RegistryState;
  readonly settings: StoreSettings;
  readonly reader: SchemaReader;
  readonly incompatibilities: Incompatibilities;
  readonly md5: Md5;
}

/** What to write, and what to answer once it is written and read back. */
export interface Decision<T> {
  /** In order; written together. Nothing to write: the answer stands already. */
  readonly records: RegistryRecord[];
  readonly result: T;
}

const encoder = new TextEncoder();

/**
 * Records that set a key. Where another registry stored the key in its own spelling that one is taken
 * away first, or compaction would bring it back when ours is gone.
 */
export function recordsFor(
  core: StoreCore,
  key: RecordKey,
  valueText: string | null,
): RegistryRecord[] {
  const ours = keyText(key);
  const records: RegistryRecord[] = [];
  for (const theirs of core.state.foreignKeys(ours)) {
    records.push({ key: encoder.encode(theirs), value: null, ...conditionOf(core, key) });
  }
  if (valueText === null) {
    records.push({ key: encoder.encode(ours), value: null, ...conditionOf(core, key) });
  } else records.push({ key: encoder.encode(ours), value: encoder.encode(valueText) });
  return records;
}

/** Takes away the schema that has a version now, and none that has it when the record is read. */
function conditionOf(core: StoreCore, key: RecordKey): Pick<RegistryRecord, "condition"> {
  const entry = key.kind === "SCHEMA" ? core.state.entry(key.subject, key.version) : null;
  return entry === null ? {} : { condition: `id=${entry.id}` };
}
