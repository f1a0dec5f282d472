import type { Md5 } from "./content_hash.ts";
import type { JsonObject } from "./json.ts";
import { readAssociation } from "./association_value.ts";
import { keyText, readKey, type RecordCondition, type RecordKey } from "./record_key.ts";
import {
  readConfigValue,
  readModeValue,
  readSchemaValue,
  readValue,
  readWatermark,
  type SchemaValue,
} from "./record_value.ts";
import { type RegistryState, sameContent, type SchemaEntry } from "./state.ts";

/** What became of a record that was read. */
export type ReplayOutcome =
  | { readonly kind: "applied" }
  /** It says nothing to this registry. */
  | { readonly kind: "ignored"; readonly reason: string }
  /**
   * It gives an id or a version to a second schema, or takes away another than it was to, and doesn't count. Whoever takes writes puts on the topic what
   * `decideRepair` says, so that every registry sees the same; others do nothing.
   */
  | { readonly kind: "conflict"; readonly reason: string };

const APPLIED: ReplayOutcome = { kind: "applied" };
const decoder = new TextDecoder();

/** Applies a record that was read from the topic. Never throws for what the record holds. */
export function replayRecord(
  state: RegistryState,
  md5: Md5,
  key: Uint8Array | null,
  value: Uint8Array | null,
  timestampMs: number | null,
  condition: string | null,
): ReplayOutcome {
  if (key === null) return ignored("it has no key");
  const text = decoder.decode(key);
  const recordKey = readKey(text);
  if (recordKey === null) return ignored(`its key is ${text.slice(0, 200)}`);
  // Other registries write an empty value where this one writes none.
  const tombstone = value === null || value.length === 0;
  const json = tombstone ? null : readValue(decoder.decode(value));
  if (json === null && !tombstone) return ignored(`the value of ${text} is no object`);
  const outcome = apply(state, md5, recordKey, json, timestampMs, condition);
  if (outcome === APPLIED) {
    const ours = keyText(recordKey);
    if (ours !== text) state.noteForeignKey(ours, text, !tombstone);
  }
  return outcome;
}

function apply(
  state: RegistryState,
  md5: Md5,
  key: RecordKey,
  json: JsonObject | null,
  timestampMs: number | null,
  condition: string | null,
): ReplayOutcome {
  switch (key.kind) {
    case "SCHEMA":
      return applySchema(state, md5, key, json, timestampMs, condition);
    case "CONFIG":
      state.putConfig(key.subject, json === null ? null : readConfigValue(json));
      return APPLIED;
    case "MODE": {
      const mode = json === null ? null : readModeValue(json);
      if (json !== null && mode === null) return ignored("its mode is unknown");
      state.putMode(key.subject, mode);
      return APPLIED;
    }
    case "DELETE_SUBJECT": {
      const watermark = json === null ? null : readWatermark(json);
      if (watermark !== null) state.deleteUpTo(key.subject, watermark);
      return APPLIED;
    }
    case "CLEAR_SUBJECT":
      if (json !== null) state.clear(key.subject);
      return APPLIED;
    case "CONTEXT":
      state.putContext(key.context, json !== null);
      return APPLIED;
    case "ASSOC": {
      const association = json === null ? null : readAssociation(key, json);
      if (json !== null && association === null) return ignored("it is no association");
      state.associations.put(keyText(key), association);
      return APPLIED;
    }
    case "NOOP":
      return APPLIED;
  }
}

function applySchema(
  state: RegistryState,
  md5: Md5,
  key: RecordKey & { readonly kind: "SCHEMA" },
  json: JsonObject | null,
  timestampMs: number | null,
  condition: string | null,
): ReplayOutcome {
  const { subject, version } = key;
  const value = json === null ? null : readSchemaValue(json, md5);
  if (json !== null && value === null) {
    return ignored(`version ${version} of "${subject}" is no schema`);
  }
  const old = state.entry(subject, version);
  const reason = value === null
    ? reasonToKeep(old, condition)
    : reasonToRefuse(state, subject, version, old, value, condition);
  if (reason !== null) {
    state.unsettled.set(keyText(key), { subject, version });
    return { kind: "conflict", reason };
  }
  if (value === null) state.removeSchema(subject, version);
  else state.putSchema(subject, version, value, timestampMs);
  state.unsettled.delete(keyText(key));
  return APPLIED;
}

/** Why a version that a record takes away stays; null when it goes. */
function reasonToKeep(old: SchemaEntry | null, condition: string | null): string | null {
  if (old === null || condition === null) return null;
  const wanted: RecordCondition = `id=${old.id}`;
  if (condition === wanted) return null;
  return `version ${old.version} of "${old.subject.name}" was to be taken away, and is another now`;
}

/** Why a version doesn't become what a record says; null when it does. */
function reasonToRefuse(
  state: RegistryState,
  subject: string,
  version: number,
  old: SchemaEntry | null,
  value: SchemaValue,
  condition: string | null,
): string | null {
  // Two instances that both thought that they take writes: what came first was acknowledged.
  if (old !== null && (old.id !== value.id || !sameContent(old.content, value.content))) {
    return `version ${version} of "${subject}" is another schema already`;
  }
  if (old !== null && condition === "repair" && old.deleted !== value.deleted) {
    return `version ${version} of "${subject}" changed while it was mended`;
  }
  const holder = state.idFor(subject, value.id);
  if (holder !== null && !sameContent(holder.content, value.content)) {
    return `id ${value.id} belongs to another schema than version ${version} of "${subject}"`;
  }
  return null;
}

function ignored(reason: string): ReplayOutcome {
  return { kind: "ignored", reason };
}
