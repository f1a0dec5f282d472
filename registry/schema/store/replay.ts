import type { Md5 } from "./content_hash.ts";
import type { JsonObject } from "./json.ts";
import { readAssociation } from "./association_value.ts";
import { keyText, readKey, type RecordKey } from "./record_key.ts";
import {
  readConfigValue,
  readModeValue,
  readSchemaValue,
  readValue,
  readWatermark,
} from "./record_value.ts";
import { type RegistryState, sameContent } from "./state.ts";

/** What became of a record that was read. */
export type ReplayOutcome =
  | { readonly kind: "applied" }
  /** It says nothing to this registry. */
  | { readonly kind: "ignored"; readonly reason: string }
  /**
   * It gives an id or a version to a second schema, and doesn't count. Whoever takes writes puts on the topic what
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
): ReplayOutcome {
  if (key === null) return ignored("it has no key");
  const text = decoder.decode(key);
  const recordKey = readKey(text);
  if (recordKey === null) return ignored(`its key is ${text.slice(0, 200)}`);
  // Other registries write an empty value where this one writes none.
  const tombstone = value === null || value.length === 0;
  const json = tombstone ? null : readValue(decoder.decode(value));
  if (json === null && !tombstone) return ignored(`the value of ${text} is no object`);
  const outcome = apply(state, md5, recordKey, json, timestampMs);
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
): ReplayOutcome {
  switch (key.kind) {
    case "SCHEMA":
      return applySchema(state, md5, key.subject, key.version, json, timestampMs);
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
  subject: string,
  version: number,
  json: JsonObject | null,
  timestampMs: number | null,
): ReplayOutcome {
  const key = keyText({ kind: "SCHEMA", subject, version });
  if (json === null) {
    state.removeSchema(subject, version);
    state.unsettled.delete(key);
    return APPLIED;
  }
  const value = readSchemaValue(json, md5);
  if (value === null) return ignored(`version ${version} of "${subject}" is no schema`);
  const holder = state.idFor(subject, value.id);
  const old = state.entry(subject, version);
  // Two instances that both thought that they take writes: what came first was acknowledged.
  const isTaken = old !== null && (old.id !== value.id || !sameContent(old.content, value.content));
  if (isTaken || (holder !== null && !sameContent(holder.content, value.content))) {
    state.unsettled.set(key, { subject, version });
    const reason = isTaken
      ? `version ${version} of "${subject}" is another schema already`
      : `id ${value.id} belongs to another schema than version ${version} of "${subject}"`;
    return { kind: "conflict", reason };
  }
  state.putSchema(subject, version, value, timestampMs);
  state.unsettled.delete(key);
  return APPLIED;
}

function ignored(reason: string): ReplayOutcome {
  return { kind: "ignored", reason };
}
