import type { ParsedSchema, SchemaType } from "../formats/mod.ts";
import type { Config } from "./config.ts";
import { hashOf } from "./content_hash.ts";
import type { StoreCore } from "./core.ts";
import {
  mergeMetadata,
  type Metadata,
  propertyOf,
  VERSION_PROPERTY,
  withProperty,
} from "./metadata.ts";
import type { SchemaRequest } from "./request.ts";
import { mergeRuleSets, type RuleSet } from "./rule_set.ts";
import {
  normalizedReferences,
  type SchemaContent,
  type SchemaReference,
} from "./schema_content.ts";
import { withinStack } from "./schema_reader.ts";
import { latestOf, type SchemaEntry } from "./state.ts";
import { subjectParts } from "./subject_name.ts";

/** A schema from a request, understood, in the form in which it would be stored. */
export interface Candidate {
  readonly content: SchemaContent;
  readonly parsed: ParsedSchema;
  readonly context: string;
}

/** How a request's text is read. */
export interface CandidateOptions {
  /** Stored in normalised form. */
  readonly normalize: boolean;
  /** Held to what new schemas must hold. */
  readonly strict: boolean;
}

/** Reads the schema of a request for a subject. Throws 42201. */
export function readCandidate(
  core: StoreCore,
  subject: string,
  request: SchemaRequest,
  options: CandidateOptions,
): Candidate {
  const { context } = subjectParts(subject);
  const type = core.reader.typeOf(request.schemaType);
  const references = core.reader.pinned(request.references, context);
  const source = { type, text: request.schema, references };
  const parsed = core.reader.parseNew(source, context, options.strict);
  const text = options.normalize ? normalizedText(parsed) : parsed.canonicalText;
  const stored = options.normalize ? normalizedReferences(references) : references;
  const { metadata, ruleSet } = request;
  const content = contentOf(core, type, text, stored, metadata, ruleSet);
  return { content, parsed, context };
}

function normalizedText(parsed: ParsedSchema): string {
  try {
    return parsed.normalizedText();
  } catch (error) {
    throw withinStack(error);
  }
}

/** A candidate with other metadata and rules. */
export function withExtras(
  core: StoreCore,
  candidate: Candidate,
  metadata: Metadata | null,
  ruleSet: RuleSet | null,
): Candidate {
  const { type, text, references } = candidate.content;
  return { ...candidate, content: contentOf(core, type, text, references, metadata, ruleSet) };
}

/** Metadata and rules that a schema gets: its own or those before it, between defaults and overrides. */
export function populatedExtras(
  config: Config,
  given: { readonly metadata: Metadata | null; readonly ruleSet: RuleSet | null },
  previous: SchemaEntry | null,
): { metadata: Metadata | null; ruleSet: RuleSet | null } {
  // A version's number is its own: it is not handed on.
  const inherited = withProperty(previous?.content.metadata ?? null, VERSION_PROPERTY, null);
  const metadata = given.metadata ?? inherited;
  const ruleSet = given.ruleSet ?? previous?.content.ruleSet ?? null;
  return {
    metadata: mergeMetadata(
      mergeMetadata(config.defaultMetadata, metadata),
      config.overrideMetadata,
    ),
    ruleSet: mergeRuleSets(mergeRuleSets(config.defaultRuleSet, ruleSet), config.overrideRuleSet),
  };
}

/** Whether a scope adds metadata or rules to what is registered in it. */
export function addsExtras(config: Config): boolean {
  const { defaultMetadata, overrideMetadata, defaultRuleSet, overrideRuleSet } = config;
  return [defaultMetadata, overrideMetadata, defaultRuleSet, overrideRuleSet]
    .some((one) => one !== null);
}

/** The newest live version of a subject. */
export function latestEntry(core: StoreCore, subject: string): SchemaEntry | null {
  const state = core.state.subjects.get(subject);
  return state === undefined ? null : latestOf(state);
}

/** Metadata that names the version where a client asked for it, now or for the version before. */
export function numbered(
  metadata: Metadata | null,
  request: SchemaRequest,
  previous: SchemaEntry | null,
  version: number,
): Metadata | null {
  const before = propertyOf(previous?.content.metadata ?? null, VERSION_PROPERTY);
  if (request.version === 0 && before === null) return metadata;
  return withProperty(metadata, VERSION_PROPERTY, String(version));
}

function contentOf(
  core: StoreCore,
  type: SchemaType,
  text: string,
  references: readonly SchemaReference[],
  metadata: Metadata | null,
  ruleSet: RuleSet | null,
): SchemaContent {
  const parts = { text, references, metadata, ruleSet };
  return { type, ...parts, hash: hashOf(parts, core.md5) };
}
