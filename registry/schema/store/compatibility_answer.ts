import { type Candidate, populatedExtras, readCandidate, withExtras } from "./candidate.ts";
import { checkCompatibility } from "./compatibility_check.ts";
import type { Config } from "./config.ts";
import type { StoreCore } from "./core.ts";
import { RegistryError } from "./registry_error.ts";
import type { SchemaRequest } from "./request.ts";
import { LATEST_VERSION } from "./schema_content.ts";
import { effectiveConfig, meantSubject, normalizes } from "./scopes.ts";
import { entryOf, latestOf, type SchemaEntry, type SubjectState } from "./state.ts";
import { versionNotFound } from "./version_reads.ts";

/** How a compatibility test is done and answered. */
export interface CompatibilityOptions {
  readonly normalize?: boolean;
  /** With the reasons. */
  readonly verbose?: boolean;
}

/** The answer to a compatibility test. */
export interface CompatibilityAnswer {
  readonly is_compatible: boolean;
  readonly messages?: readonly string[];
}

/**
 * POST /compatibility/subjects/{subject}/versions/{version}, or /versions when `version` is null: whether a
 * schema may follow that version, or those that the level names. Throws 40402, 42201.
 */
export function testCompatibility(
  core: StoreCore,
  subjectAsked: string,
  version: number | null,
  request: SchemaRequest,
  options: CompatibilityOptions,
): CompatibilityAnswer {
  const subject = meantSubject(core, subjectAsked);
  const config = effectiveConfig(core, subject);
  const state = core.state.subjects.get(subject) ?? null;
  const verbose = options.verbose === true;
  const earlier = earlierVersions(state, subject, version);
  let candidate: Candidate;
  try {
    candidate = candidateOf(core, subject, config, state, request, options);
  } catch (error) {
    if (!(error instanceof RegistryError) || !verbose) throw error;
    return { is_compatible: false, messages: [error.message] };
  }
  const problem = checkCompatibility(core, config, candidate, earlier);
  const is_compatible = problem === null;
  return verbose && problem !== null
    ? { is_compatible, messages: problem.messages }
    : { is_compatible };
}

/** Live versions to compare with, newest first. */
function earlierVersions(
  state: SubjectState | null,
  subject: string,
  version: number | null,
): SchemaEntry[] {
  if (version === null) {
    return (state?.entries ?? []).filter((entry) => !entry.deleted).reverse();
  }
  if (version === LATEST_VERSION) {
    const latest = state === null ? null : latestOf(state);
    return latest === null ? [] : [latest];
  }
  const entry = state === null ? null : entryOf(state, version);
  if (entry === null || entry.deleted) throw versionNotFound(subject, version);
  return [entry];
}

function candidateOf(
  core: StoreCore,
  subject: string,
  config: Config,
  state: SubjectState | null,
  request: SchemaRequest,
  options: CompatibilityOptions,
): Candidate {
  const normalize = options.normalize === true || normalizes(core, config);
  const strict = config.validateNewSchemas ?? core.settings.validateNewSchemas;
  const candidate = readCandidate(core, subject, request, { normalize, strict });
  const previous = state === null ? null : latestOf(state);
  const { metadata, ruleSet } = populatedExtras(config, candidate.content, previous);
  return withExtras(core, candidate, metadata, ruleSet);
}
