import { isObject } from "./json.ts";
import { canonicalSubject } from "./subject_name.ts";

/** A record of the schemas' topic. A null value takes away what the key held. */
export interface RegistryRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
  /**
   * What must be so for the record to count when it is replayed: two instances may both think that they take
   * writes, and what one of them takes away may be another schema by then. Absent: it counts. It stands in a header,
   * where registries of another make don't look.
   */
  readonly condition?: RecordCondition;
}

/** The version has this id; or the record changes nothing, but makes the topic say what the state says. */
export type RecordCondition = `id=${number}` | "repair";

/** What tells associations apart. */
export interface AssociationKey {
  readonly tenant: string;
  readonly resourceName: string;
  readonly resourceNamespace: string;
  readonly resourceType: string;
  readonly associationType: string;
  readonly subject: string;
}

/** The keys of records, by what they hold. Subjects are in their canonical spelling. */
export type RecordKey =
  | { readonly kind: "SCHEMA"; readonly subject: string; readonly version: number }
  /** `subject` is null for the default context, `:.context:` for another one. */
  | { readonly kind: "CONFIG"; readonly subject: string | null }
  | { readonly kind: "MODE"; readonly subject: string | null }
  | { readonly kind: "DELETE_SUBJECT"; readonly subject: string }
  | { readonly kind: "CLEAR_SUBJECT"; readonly subject: string }
  | { readonly kind: "CONTEXT"; readonly tenant: string; readonly context: string }
  | { readonly kind: "ASSOC" } & AssociationKey
  | { readonly kind: "NOOP" };

/** The tenant of registries that have but one. */
export const TENANT = "default";

/**
 * A key's text. Compaction compares bytes, so the order of its fields is that of every registry that
 * shares the topic.
 */
export function keyText(key: RecordKey): string {
  const keytype = key.kind;
  switch (key.kind) {
    case "SCHEMA":
      return JSON.stringify({ keytype, subject: key.subject, version: key.version, magic: 1 });
    case "CONFIG":
    case "MODE":
      return key.subject === null
        ? JSON.stringify({ keytype, magic: 0 })
        : JSON.stringify({ keytype, subject: key.subject, magic: 0 });
    case "DELETE_SUBJECT":
    case "CLEAR_SUBJECT":
      return JSON.stringify({ keytype, subject: key.subject, magic: 0 });
    case "CONTEXT":
      return JSON.stringify({ keytype, tenant: key.tenant, context: key.context, magic: 0 });
    case "ASSOC": {
      const { tenant, resourceName, resourceNamespace, resourceType, associationType } = key;
      const resource = { resourceName, resourceNamespace, resourceType, associationType };
      return JSON.stringify({ keytype, tenant, ...resource, subject: key.subject, magic: 0 });
    }
    case "NOOP":
      return JSON.stringify({ keytype, magic: 0 });
  }
}

/** Reads a key, whichever registry wrote it; null for one that means nothing here. */
export function readKey(text: string): RecordKey | null {
  const json = parsed(text);
  if (!isObject(json)) return null;
  const { keytype: kind, version } = json;
  const subject = json["subject"] ?? null;
  if (subject !== null && typeof subject !== "string") return null;
  switch (kind) {
    case "SCHEMA":
      if (subject === null || typeof version !== "number" || !Number.isInteger(version)) {
        return null;
      }
      return version < 1 ? null : { kind, subject: canonicalSubject(subject), version };
    case "CONFIG":
    case "MODE":
      return { kind, subject: subject === ":.:" ? null : subject && canonicalSubject(subject) };
    case "DELETE_SUBJECT":
      return subject === null ? null : { kind, subject: canonicalSubject(subject) };
    case "CLEAR_SUBJECT":
      // Without a subject it is about all of the default context.
      if (subject === null || subject === ":.:") return { kind, subject: ":.:" };
      return { kind, subject: canonicalSubject(subject) };
    case "CONTEXT": {
      const { tenant, context } = json;
      if (typeof context !== "string" || !context.startsWith(".")) return null;
      return { kind, tenant: typeof tenant === "string" ? tenant : TENANT, context };
    }
    case "ASSOC":
      return readAssociationKey(json);
    case "NOOP":
      return { kind };
    default:
      return null;
  }
}

function readAssociationKey(json: { readonly [key: string]: unknown }): RecordKey | null {
  const text = (name: string) => {
    const value = json[name];
    return typeof value === "string" ? value : null;
  };
  const resourceName = text("resourceName");
  const resourceNamespace = text("resourceNamespace");
  const resourceType = text("resourceType");
  const associationType = text("associationType");
  const subject = text("subject");
  if (resourceName === null || resourceNamespace === null || resourceType === null) return null;
  if (associationType === null || subject === null) return null;
  return {
    kind: "ASSOC",
    tenant: text("tenant") ?? TENANT,
    resourceName,
    resourceNamespace,
    resourceType,
    associationType,
    subject: canonicalSubject(subject),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // What isn't JSON means nothing to anyone who reads this topic.
  }
}
