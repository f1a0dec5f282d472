import { type ResolvedReference, SchemaError } from "../schema.ts";
import { metaSchema } from "./ajv_drafts.ts";
import {
  DEFAULT_DRAFT,
  type Draft,
  draftOf,
  isReferenceOnly,
  pointerStep,
  referrersOf,
  subschemasOf,
} from "./drafts.ts";
import { type JsonObject, type JsonValue, parseJson } from "./json_text.ts";

/** One text: the schema itself or one that a reference names. */
interface Document {
  readonly root: JsonValue;
  /** URI that relative ones in it start from. */
  base: string;
  readonly draft: Draft;
  /** Documents by the names of its references, as written and as URIs. */
  readonly names: Map<string, Document>;
}

/** Where a schema stands. */
export interface Place {
  readonly draft: Draft;
  /** JSON pointer within its document, from `#`. */
  readonly pointer: string;
  readonly document: Document;
  /** The nearest schema around it, or itself, that has a URI of its own. */
  readonly resource: JsonValue;
  /** That URI, without fragment. */
  readonly base: string;
}

/** The URI of a schema that has none, so that relative ones resolve. */
const NO_URI = "schema:///";

/**
 * All schemas within a text and within what it refers to, and which of them each `$ref` means. Throws
 * {@linkcode SchemaError} for a reference to nothing: nothing is ever fetched.
 */
export class SchemaResources {
  readonly root: JsonValue;
  readonly draft: Draft;
  #places = new Map<JsonObject, Place>();
  #targets = new Map<JsonObject, readonly JsonValue[]>();
  /** Schemas by their `$id`, and by `$id#anchor`. */
  #resources = new Map<string, JsonValue>();
  /** Those of them with a `$dynamicAnchor`. */
  #dynamic = new Map<string, JsonValue>();
  /** All documents by name, for what a document names without listing it. */
  #names = new Map<string, Document>();
  #loaded = new Map<string, Document>();
  #unresolved: JsonObject[] = [];

  constructor(root: JsonValue, references: readonly ResolvedReference[]) {
    this.root = root;
    const document = this.#load(root, NO_URI, references, DEFAULT_DRAFT);
    this.draft = document.draft;
    for (let schema = this.#unresolved.pop(); schema; schema = this.#unresolved.pop()) {
      this.#resolve(schema);
    }
    this.#resources.clear();
    this.#dynamic.clear();
    this.#names.clear();
    this.#loaded.clear();
  }

  /** Where a schema of this text or of one it refers to stands. */
  place(schema: JsonObject): Place {
    const place = this.#places.get(schema);
    if (place === undefined) throw new Error("Not a schema of this text");
    return place;
  }

  /** The schemas that a schema's `$ref` and the like mean; none when it has none. */
  targets(schema: JsonObject): readonly JsonValue[] {
    return this.#targets.get(schema) ?? [];
  }

  /** Each schema with its place. */
  all(): IterableIterator<[JsonObject, Place]> {
    return this.#places.entries();
  }

  #load(
    root: JsonValue,
    uri: string,
    references: readonly ResolvedReference[],
    outerDraft: Draft,
  ): Document {
    const draft = draftOf(root, outerDraft);
    const document: Document = { root, base: uri, draft, names: new Map() };
    this.#walk(root, { draft, pointer: "#", document, resource: root, base: uri });
    if (root instanceof Map) document.base = this.place(root).base;
    for (const reference of references) this.#name(document, reference);
    return document;
  }

  #name(document: Document, reference: ResolvedReference): void {
    const uri = withoutFragment(resolveUri(reference.name, document.base));
    const key = JSON.stringify([uri, reference.subject, reference.version]);
    let loaded = this.#loaded.get(key);
    if (loaded === undefined) {
      const root = parseReference(reference);
      loaded = this.#load(root, uri, reference.references, document.draft);
      this.#loaded.set(key, loaded);
    }
    for (const name of [uri, withoutFragment(reference.name)]) {
      if (!document.names.has(name)) document.names.set(name, loaded);
      if (!this.#names.has(name)) this.#names.set(name, loaded);
    }
  }

  /** Notes the places of a schema and of all below it, without recursion. */
  #walk(start: JsonValue, startPlace: Place): void {
    const open: [JsonValue, Place][] = [[start, startPlace]];
    for (let next = open.pop(); next; next = open.pop()) {
      const [value, outer] = next;
      if (!(value instanceof Map) || this.#places.has(value)) continue;
      const place = this.#identify(value, outer);
      this.#places.set(value, place);
      if (referrersOf(value, place.draft).length > 0) this.#unresolved.push(value);
      if (isReferenceOnly(value, place.draft)) this.#walkDefinitions(value, place, open);
      else this.#pushSubschemas(value, place, open);
    }
  }

  #pushSubschemas(schema: JsonObject, place: Place, open: [JsonValue, Place][]): void {
    for (const { keyword, key, value } of subschemasOf(schema, place.draft)) {
      const pointer = place.pointer + pointerStep(keyword) + (key === null ? "" : pointerStep(key));
      open.push([value, { ...place, pointer }]);
    }
  }

  /** Beside a `$ref` that hides its neighbours definitions are still for others to refer to. */
  #walkDefinitions(schema: JsonObject, place: Place, open: [JsonValue, Place][]): void {
    for (const name of ["definitions", "$defs"]) {
      const held = schema.get(name);
      if (held !== undefined) this.#pushSubschemas(new Map([[name, held]]), place, open);
    }
  }

  /** Takes up the schema's own URI, anchors and draft. */
  #identify(schema: JsonObject, outer: Place): Place {
    let place = outer;
    const id = schema.get(outer.draft === 4 ? "id" : "$id");
    if (typeof id === "string" && !isReferenceOnly(schema, outer.draft)) {
      if (id.startsWith("#")) this.#register(outer.base + id, schema);
      else {
        const base = withoutFragment(resolveUri(id, outer.base));
        place = { ...outer, base, resource: schema, draft: draftOf(schema, outer.draft) };
        this.#register(base, schema);
      }
    }
    for (const name of ["$anchor", "$dynamicAnchor"]) {
      const anchor = schema.get(name);
      if (typeof anchor !== "string" || place.draft <= 7) continue;
      this.#register(`${place.base}#${anchor}`, schema);
      if (name === "$dynamicAnchor") this.#dynamic.set(`${place.base}#${anchor}`, schema);
    }
    return place;
  }

  #register(uri: string, schema: JsonValue): void {
    if (!this.#resources.has(uri)) this.#resources.set(uri, schema);
  }

  #resolve(schema: JsonObject): void {
    const place = this.place(schema);
    const targets = referrersOf(schema, place.draft).map(({ keyword, uri }) => {
      const found = this.#find(uri, place);
      const isDynamic = keyword !== "$ref" && !uri.includes("#/");
      const target = isDynamic ? this.#outermost(found) : found;
      if (target === undefined) {
        throw new SchemaError(
          `Cannot resolve reference ${JSON.stringify(uri)} at ${place.pointer}: ` +
            `it is neither in the schema nor the name of one of its references`,
        );
      }
      if (typeof target === "boolean" || target instanceof Map) return target;
      throw new SchemaError(
        `Reference ${JSON.stringify(uri)} at ${place.pointer} means something that is no schema`,
      );
    });
    this.#targets.set(schema, targets);
  }

  /**
   * A dynamic reference means the outermost schema with the anchor that is being visited. All visits start
   * at the root, so a root with the anchor is what is meant; otherwise it is read like a plain one.
   */
  #outermost(target: JsonValue | undefined): JsonValue | undefined {
    const { root } = this;
    if (!(target instanceof Map) || !(root instanceof Map)) return target;
    if (target.get("$recursiveAnchor") === true && root.get("$recursiveAnchor") === true) {
      return root;
    }
    const anchor = target.get("$dynamicAnchor");
    if (typeof anchor !== "string") return target;
    return this.#dynamic.get(`${this.place(root).base}#${anchor}`) ?? target;
  }

  #find(uri: string, from: Place): JsonValue | undefined {
    const hash = uri.indexOf("#");
    const name = hash < 0 ? uri : uri.slice(0, hash);
    const fragment = hash < 0 ? "" : decodeFragment(uri.slice(hash + 1));
    const start = name === "" ? from : this.#findResource(name, from);
    if (start === undefined) return undefined;
    if (fragment === "") return start.resource;
    if (fragment.startsWith("/")) return this.#follow(fragment, start);
    return this.#resources.get(`${start.base}#${fragment}`);
  }

  #findResource(name: string, from: Place): Place | undefined {
    const uri = resolveUri(name, from.base);
    const named = from.document.names.get(uri) ?? from.document.names.get(name);
    if (named !== undefined) return rootPlace(named);
    const resource = this.#resources.get(uri);
    if (resource instanceof Map) return this.place(resource);
    const other = this.#names.get(uri) ?? this.#names.get(name);
    if (other !== undefined) return rootPlace(other);
    const meta = metaSchema(uri);
    if (meta === null) return undefined;
    const loaded = this.#load(meta.value, uri, [], meta.draft);
    this.#names.set(uri, loaded);
    return rootPlace(loaded);
  }

  /** Follows a JSON pointer; what it leads to counts as a schema even where no keyword says so. */
  #follow(pointer: string, start: Place): JsonValue | undefined {
    let value: JsonValue | undefined = start.resource;
    let place = start;
    let path = start.resource instanceof Map ? this.place(start.resource).pointer : "#";
    for (const step of pointer.slice(1).split("/")) {
      const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
      if (value instanceof Map) {
        place = this.#places.get(value) ?? place;
        value = value.get(key);
      } else if (Array.isArray(value) && /^(?:0|[1-9][0-9]{0,9})$/.test(key)) {
        value = value[Number(key)];
      } else return undefined;
      path += pointerStep(key);
    }
    if (value !== undefined) this.#walk(value, { ...place, pointer: path });
    return value;
  }
}

function rootPlace(document: Document): Place {
  return {
    draft: document.draft,
    pointer: "#",
    document,
    resource: document.root,
    base: document.base,
  };
}

function parseReference(reference: ResolvedReference): JsonValue {
  try {
    return parseJson(reference.text);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    const { name, subject, version } = reference;
    throw new SchemaError(
      `Reference ${JSON.stringify(name)} (subject ${
        JSON.stringify(subject)
      }, version ${version}): ${error.message}`,
      { cause: error },
    );
  }
}

function resolveUri(uri: string, base: string): string {
  if (uri === "") return base;
  return URL.parse(uri, base)?.href ?? uri;
}

function withoutFragment(uri: string): string {
  const hash = uri.indexOf("#");
  return hash < 0 ? uri : uri.slice(0, hash);
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
