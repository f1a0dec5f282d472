import { byCodeUnits } from "./json.ts";
import type { SchemaContent } from "./schema_content.ts";
import type { Rule } from "./rule_set.ts";

/** MD5 of some bytes: 16 of them. */
export type Md5 = (bytes: Uint8Array) => Uint8Array;

const encoder = new TextEncoder();
const PRESENT = Uint8Array.of(1);
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** What the hash of a schema is taken of. */
export type HashedContent = Omit<SchemaContent, "hash" | "type">;

/** A schema's hash, in hexadecimal digits. Equal in every registry that writes the same record. */
export function hashOf(content: HashedContent, md5: Md5): string {
  const plain = content.references.length === 0 && content.metadata === null &&
    content.ruleSet === null;
  const digest = md5(plain ? encoder.encode(content.text) : joined(partsOf(content)));
  let hex = "";
  for (let index = 0; index < 16; index++) hex += HEX[digest[index]!];
  return hex;
}

/** The bytes of a hash in hexadecimal digits, in base 64: how records carry it. */
export function base64OfHash(hash: string): string {
  let binary = "";
  for (let at = 0; at < hash.length; at += 2) {
    binary += String.fromCharCode(Number.parseInt(hash.slice(at, at + 2), 16));
  }
  return btoa(binary);
}

function partsOf(content: HashedContent): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const text = (value: string | null) => {
    if (value !== null) parts.push(encoder.encode(value));
  };
  text(content.text);
  for (const { name, subject, version } of content.references) {
    text(name);
    text(subject);
    parts.push(int32(version));
  }
  const { metadata, ruleSet } = content;
  if (metadata !== null) {
    parts.push(PRESENT);
    for (const [path, tags] of sortedEntries(metadata.tags)) [path, ...tags].forEach(text);
    for (const [name, value] of sortedEntries(metadata.properties)) [name, value].forEach(text);
    metadata.sensitive.forEach(text);
  }
  if (ruleSet !== null) {
    parts.push(PRESENT);
    const { migrationRules, domainRules, encodingRules } = ruleSet;
    for (const rule of [...migrationRules, ...domainRules, ...encodingRules]) {
      ruleTexts(rule).forEach(text);
      if (rule.disabled) parts.push(PRESENT);
    }
    if (ruleSet.enableAt !== null) text(String(ruleSet.enableAt));
  }
  return parts;
}

function ruleTexts(rule: Rule): (string | null)[] {
  const { name, doc, kind, mode, type, tags, expr, onSuccess, onFailure } = rule;
  const params = sortedEntries(rule.params).flat();
  return [name, doc, kind, mode, type, ...tags, ...params, expr, onSuccess, onFailure];
}

function sortedEntries<T>(map: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => byCodeUnits(a, b));
}

function int32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
