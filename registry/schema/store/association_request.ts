import type { Lifecycle } from "./association_table.ts";
import {
  isObject,
  type JsonObject,
  optionalBoolean,
  optionalString,
  refuseField,
  refuseUnknown,
} from "./json.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { readSchemaRequest, type SchemaRequest } from "./request.ts";

/** One subject that a resource is to use. */
export interface AssociationWish {
  /** Null stands for the resource's own subject. */
  readonly subject: string | null;
  readonly associationType: string;
  readonly lifecycle: Lifecycle | null;
  readonly frozen: boolean | null;
  /** A schema to register under the subject. */
  readonly schema: SchemaRequest | null;
  readonly normalize: boolean;
}

/** What a request wants a resource to use. Parts are null where the request leaves them out. */
export interface AssociationRequest {
  readonly resourceName: string | null;
  readonly resourceNamespace: string | null;
  readonly resourceId: string | null;
  readonly resourceType: string;
  readonly associations: readonly AssociationWish[];
}

/** The kind of resource where none is named. */
export const DEFAULT_RESOURCE_TYPE = "topic";
/** What a resource may use a subject for. */
const ASSOCIATION_TYPES: readonly string[] = ["key", "value"];
const LIFECYCLES: readonly Lifecycle[] = ["STRONG", "WEAK"];
const FIELDS: ReadonlySet<string> = new Set([
  ...["resourceName", "resourceNamespace", "resourceId", "resourceType", "associations"],
]);
const WISH_FIELDS: ReadonlySet<string> = new Set([
  ...["subject", "associationType", "lifecycle", "frozen", "schema", "normalize"],
]);

/** Reads the body of a request that makes or changes associations. Throws 422, 42201, 42212. */
export function readAssociationRequest(body: unknown, lenient = false): AssociationRequest {
  if (!isObject(body)) throw refuseField("The body", body, "an object with associations");
  if (!lenient) refuseUnknown(body, "", FIELDS);
  const list = body["associations"];
  if (!Array.isArray(list) || list.length === 0) {
    throw invalidAssociation(refuseField("associations", list, "a list, not empty").message);
  }
  const associations = list.map((wish, index) => readWish(wish, `associations[${index}]`, lenient));
  const types = associations.map((wish) => wish.associationType);
  if (new Set(types).size < types.length) {
    throw invalidAssociation(`associations has one type twice: ${types.join(", ")}`);
  }
  return {
    resourceName: optionalString(body, "resourceName", ""),
    resourceNamespace: optionalString(body, "resourceNamespace", ""),
    resourceId: optionalString(body, "resourceId", ""),
    resourceType: optionalString(body, "resourceType", "") ?? DEFAULT_RESOURCE_TYPE,
    associations,
  };
}

function readWish(json: unknown, path: string, lenient: boolean): AssociationWish {
  if (!isObject(json)) throw refuseField(path, json, "an object");
  if (!lenient) refuseUnknown(json, path, WISH_FIELDS);
  const prefix = `${path}.`;
  const schema = json["schema"] ?? null;
  return {
    subject: optionalString(json, "subject", prefix) || null,
    associationType: oneOf(ASSOCIATION_TYPES, json, "associationType", path) ?? "value",
    lifecycle: oneOf(LIFECYCLES, json, "lifecycle", path),
    frozen: optionalBoolean(json, "frozen", prefix),
    schema: schema === null ? null : readSchemaRequest(schema, lenient),
    normalize: optionalBoolean(json, "normalize", prefix) ?? false,
  };
}

/** A lifecycle in a query. Throws 42212. */
export function readLifecycle(text: string): Lifecycle {
  return oneOf(LIFECYCLES, { lifecycle: text }, "lifecycle", "query")!;
}

function oneOf<T extends string>(
  allowed: readonly T[],
  json: JsonObject,
  name: string,
  path: string,
): T | null {
  const value = optionalString(json, name, `${path}.`);
  if (value === null) return null;
  const found = allowed.find((one) => one.toUpperCase() === value.toUpperCase());
  if (found !== undefined) return found;
  throw invalidAssociation(refuseField(`${path}.${name}`, value, allowed.join(", ")).message);
}

/** That a request for associations makes no sense. */
export function invalidAssociation(message: string): RegistryError {
  return new RegistryError(errorCodes.INVALID_ASSOCIATION, message);
}
