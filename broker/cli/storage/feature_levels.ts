import {
  dependencyMissing,
  FEATURES,
  KRAFT_VERSION,
  METADATA_VERSION,
  METADATA_VERSION_LATEST,
  METADATA_VERSIONS,
  SUPPORTED_FEATURES,
} from "../../metadata/mod.ts";
import { UsageError } from "../command_error.ts";

/** The feature levels that a directory is formatted with. */
export interface FormatLevels {
  readonly metadataVersion: number;
  /** Null: whatever the kind of quorum asks for. */
  readonly kraftVersion: number | null;
  /** Levels that were chosen; the others follow from `metadataVersion`. */
  readonly chosen: ReadonlyMap<string, number>;
}

/**
 * The levels that `--release-version` and `--feature name=level` ask for. Throws UsageError for what
 * does not exist or does not fit together.
 */
export function formatLevels(release: string | null, features: readonly string[]): FormatLevels {
  const levels = new Map(features.map(parseFeature));
  const metadataLevel = levels.get(METADATA_VERSION);
  if (metadataLevel !== undefined && release !== null) {
    throw new UsageError(`--release-version and --feature ${METADATA_VERSION} do not go together`);
  }
  const metadataVersion = metadataLevel ??
    (release === null ? METADATA_VERSION_LATEST : releaseLevel(release));
  const chosen = new Map(levels);
  chosen.delete(METADATA_VERSION);
  chosen.delete(KRAFT_VERSION);
  for (const [name, level] of chosen) {
    const missing = dependencyMissing(name, level, metadataVersion);
    if (missing !== null) throw new UsageError(`--feature ${name}=${level}: ${missing}`);
  }
  return { metadataVersion, kraftVersion: levels.get(KRAFT_VERSION) ?? null, chosen };
}

/** The `metadata.version` of a release such as `4.4`, `4.4-IV2` or `4.4.0`. */
export function releaseLevel(release: string): number {
  const short = /^\d+\.\d+/.exec(release)?.[0] ?? "";
  const known = METADATA_VERSIONS.filter(({ level }) => level <= METADATA_VERSION_LATEST);
  const found = release.includes("-IV")
    ? known.find(({ name }) => name === release)
    : known.findLast(({ name }) => name.startsWith(`${short}-`));
  if (found !== undefined) return found.level;
  const names = [...new Set(known.map(({ name }) => name.split("-")[0]))];
  throw new UsageError(`--release-version ${release}: allowed is ${names.join(", ")}`);
}

/** `name=level`, both checked. */
export function parseFeature(text: string): [string, number] {
  const [, name = "", digits = ""] = /^([^=]+)=(\d{1,5})$/.exec(text) ?? [];
  const range = SUPPORTED_FEATURES.find((feature) => feature.name === name);
  if (range === undefined) {
    const names = [METADATA_VERSION, ...FEATURES.map((feature) => feature.name)];
    throw new UsageError(`--feature ${text}: allowed is name=level with ${names.join(", ")}`);
  }
  const { minSupportedVersion: min, maxSupportedVersion: max } = range;
  const level = Number(digits);
  if (level >= min && level <= max) return [name, level];
  throw new UsageError(`--feature ${text}: allowed are levels ${min} to ${max}`);
}
