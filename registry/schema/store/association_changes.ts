import {
  type AssociationRequest,
  type AssociationWish,
  invalidAssociation,
} from "./association_request.ts";
import type { Association, Lifecycle } from "./association_table.ts";
import { associationValueText } from "./association_value.ts";
import { type Decision, recordsFor, type StoreCore } from "./core.ts";
import type { JsonObject } from "./json.ts";
import { PendingIds } from "./pending_ids.ts";
import { keyText, type RegistryRecord, TENANT } from "./record_key.ts";
import { decideRegister } from "./register.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { guidOf } from "./schema_content.ts";
import { meantSubject } from "./scopes.ts";
import { subjectParts } from "./subject_name.ts";

/** How associations are made. */
export interface AssociationOptions {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** Whether associations that are there may change, as PUT does. */
  readonly update?: boolean;
  /** The context of subjects that name none; null for the default one. */
  readonly context?: string | null;
}

/** A resource with all of its parts known. */
interface Resource {
  readonly resourceName: string;
  readonly resourceNamespace: string;
  readonly resourceId: string;
  readonly resourceType: string;
}

/**
 * POST /associations, and PUT with `update`: lets a resource use subjects, registering schemas that come along.
 * Throws 40401, 40902, 40903, 40905, 42212 and what registering throws.
 */
export function decideAssociate(
  core: StoreCore,
  request: AssociationRequest,
  options: AssociationOptions,
): Decision<JsonObject> {
  const resource = resourceOf(core, request);
  const pending = new PendingIds();
  const records: RegistryRecord[] = [];
  const answers: JsonObject[] = [];
  const subjects = new Set<string>();
  for (const wish of request.associations) {
    const one = decideOne(core, resource, wish, options, pending);
    if (subjects.has(one.subject)) {
      throw invalidAssociation(`associations names subject "${one.subject}" twice`);
    }
    subjects.add(one.subject);
    records.push(...one.records);
    answers.push(one.answer);
  }
  return { records, result: { ...resource, associations: answers } };
}

/** The resource of a request; one that is known by its id needs no name. Throws 42212. */
function resourceOf(core: StoreCore, request: AssociationRequest): Resource {
  const { resourceId, resourceType } = request;
  if (resourceId === null || resourceId === "") throw invalidAssociation("resourceId is missing");
  const known = core.state.associations.ofResourceId(resourceId)
    .find((one) => one.resourceType === resourceType);
  const resourceName = request.resourceName ?? known?.resourceName ?? "";
  const resourceNamespace = request.resourceNamespace ?? known?.resourceNamespace ?? "";
  if (resourceName === "" || resourceNamespace === "") {
    throw invalidAssociation(
      `resourceName and resourceNamespace of resource "${resourceId}" are missing`,
    );
  }
  return { resourceName, resourceNamespace, resourceId, resourceType };
}

function decideOne(
  core: StoreCore,
  resource: Resource,
  wish: AssociationWish,
  options: AssociationOptions,
  pending: PendingIds,
): { subject: string; records: RegistryRecord[]; answer: JsonObject } {
  const { associationType } = wish;
  const known =
    core.state.associations.ofResourceId(resource.resourceId).find((one) =>
      one.resourceType === resource.resourceType && one.associationType === associationType
    ) ?? null;
  const lifecycle = wish.lifecycle ?? known?.lifecycle ??
    (wish.subject === null ? "STRONG" : "WEAK");
  const subject = subjectOf(core, resource, wish, lifecycle, known, options.context ?? null);
  const frozen = wish.frozen ?? known?.frozen ?? false;
  if (frozen && lifecycle === "WEAK") {
    throw invalidAssociation(`A WEAK association, such as that with "${subject}", can't be frozen`);
  }
  if (known !== null) refuseChange(known, { subject, lifecycle, frozen, wish }, options);
  refuseShared(core, subject, lifecycle, known);
  const registered = registerFor(core, subject, wish, known, pending);
  const schema = registered?.result ?? null;
  const answer = { subject, associationType, lifecycle, frozen, ...(schema && { schema }) };
  const records = [...registered?.records ?? []];
  const same = known !== null && known.lifecycle === lifecycle && known.frozen === frozen;
  if (!same) {
    const key = { tenant: TENANT, ...namesOf(resource), associationType, subject };
    const recordKey = { kind: "ASSOC", ...key } as const;
    const association: Association = {
      ...key,
      guid: known?.guid ?? guidFor(core, keyText(recordKey), options.nowMs),
      resourceId: resource.resourceId,
      lifecycle,
      frozen,
      createTs: known?.createTs ?? options.nowMs,
      updateTs: options.nowMs,
    };
    records.push(...recordsFor(core, recordKey, associationValueText(association)));
  }
  return { subject, records, answer };
}

function namesOf({ resourceName, resourceNamespace, resourceType }: Resource) {
  return { resourceName, resourceNamespace, resourceType };
}

function subjectOf(
  core: StoreCore,
  resource: Resource,
  wish: AssociationWish,
  lifecycle: Lifecycle,
  known: Association | null,
  context: string | null,
): string {
  const { subject, associationType } = wish;
  if (subject === null) {
    if (known !== null) return known.subject;
    if (lifecycle === "WEAK") throw invalidAssociation("A WEAK association needs a subject");
    const { resourceNamespace, resourceName } = resource;
    return meantSubject(core, `:.${resourceNamespace}:${resourceName}-${associationType}`);
  }
  const named = context !== null && subjectParts(subject).name === subject
    ? `:${context}:${subject}`
    : subject;
  return meantSubject(core, named);
}

/** Fails with 40902 where an association may not become what is wished, with 40905 where it is frozen. */
function refuseChange(
  known: Association,
  wished: { subject: string; lifecycle: Lifecycle; frozen: boolean; wish: AssociationWish },
  options: AssociationOptions,
): void {
  const { subject, lifecycle, frozen, wish } = wished;
  const changes = known.lifecycle !== lifecycle || known.frozen !== frozen;
  const which = `The ${known.associationType} association of resource "${known.resourceId}"`;
  if (known.subject !== subject || (options.update !== true && changes)) {
    throw new RegistryError(
      errorCodes.ASSOCIATION_EXISTS_FOR_RESOURCE,
      `${which} exists: it is ${known.lifecycle}, with subject "${known.subject}"`,
    );
  }
  if (known.frozen && (changes || wish.schema !== null)) {
    throw new RegistryError(errorCodes.ASSOCIATION_FROZEN, `${which} is frozen`);
  }
}

/** Fails with 40903 where a subject that belongs to one resource would be used by two. */
function refuseShared(
  core: StoreCore,
  subject: string,
  lifecycle: Lifecycle,
  known: Association | null,
): void {
  const other = core.state.associations.ofSubject(subject).find((one) =>
    one !== known && (lifecycle === "STRONG" || one.lifecycle === "STRONG")
  );
  if (other === undefined) return;
  throw new RegistryError(
    errorCodes.ASSOCIATION_EXISTS_FOR_SUBJECT,
    `Subject "${subject}" has a ${other.lifecycle} association with ${other.resourceType} ` +
      `"${other.resourceName}" already`,
  );
}

/** Registers a wish's schema; without one the subject must have some. Throws 40401. */
function registerFor(
  core: StoreCore,
  subject: string,
  wish: AssociationWish,
  known: Association | null,
  pending: PendingIds,
): Decision<JsonObject> | null {
  if (wish.schema !== null) {
    return decideRegister(core, subject, wish.schema, { normalize: wish.normalize }, pending);
  }
  if (known === null && (core.state.subjects.get(subject)?.liveCount ?? 0) === 0) {
    throw new RegistryError(
      errorCodes.SUBJECT_NOT_FOUND,
      `Subject "${subject}" has no versions, and no schema came along`,
    );
  }
  return null;
}

function guidFor(core: StoreCore, key: string, nowMs: number): string {
  const digest = core.md5(new TextEncoder().encode(`${key} ${nowMs}`));
  return guidOf([...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}
