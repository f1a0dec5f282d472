import type { Association, Lifecycle } from "./association_table.ts";
import { DEFAULT_RESOURCE_TYPE } from "./association_request.ts";
import { type Decision, recordsFor, type StoreCore } from "./core.ts";
import { decideDeleteSubject } from "./deletion.ts";
import type { JsonObject } from "./json.ts";
import type { RegistryRecord } from "./record_key.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { pageOf, type Paging } from "./request.ts";
import { meantSubject } from "./scopes.ts";

/** Which associations are meant. */
export interface AssociationFilter extends Partial<Paging> {
  /** `topic` when absent. */
  readonly resourceType?: string;
  /** All when empty or absent. */
  readonly associationTypes?: readonly string[];
  readonly lifecycle?: Lifecycle | null;
}

/** A namespace that stands for any. */
const ANY_NAMESPACE = "-";

/** GET /associations/subjects/{subject} */
export function listSubjectAssociations(
  core: StoreCore,
  subject: string,
  filter: AssociationFilter,
): JsonObject[] {
  const { associations } = core.state;
  return answered(core, associations.ofSubject(meantSubject(core, subject)), filter);
}

/** GET /associations/resources/{namespace}/{name} */
export function listNamedAssociations(
  core: StoreCore,
  namespace: string,
  name: string,
  filter: AssociationFilter,
): JsonObject[] {
  const named = core.state.associations.ofResourceName(name).filter((association) =>
    namespace === ANY_NAMESPACE || association.resourceNamespace === namespace
  );
  return answered(core, named, filter);
}

/** GET /associations/resources/{resourceId} */
export function listResourceAssociations(
  core: StoreCore,
  resourceId: string,
  filter: AssociationFilter,
): JsonObject[] {
  return answered(core, core.state.associations.ofResourceId(resourceId), filter);
}

/** How associations of a resource are deleted. */
export interface AssociationDeletion extends AssociationFilter {
  /** Whether subjects that live with the resource are soft-deleted with it. */
  readonly cascadeLifecycle?: boolean;
}

/** DELETE /associations/resources/{resourceId}. Throws 40410, 40905, 42205, 42206. */
export function decideDeleteAssociations(
  core: StoreCore,
  resourceId: string,
  options: AssociationDeletion,
): Decision<null> {
  const { associations, subjects } = core.state;
  const chosen = associations.ofResourceId(resourceId).filter((one) => isWanted(one, options));
  if (chosen.length === 0) {
    throw new RegistryError(
      errorCodes.ASSOCIATION_NOT_FOUND,
      `Resource "${resourceId}" has no such associations`,
    );
  }
  const cascades = options.cascadeLifecycle === true;
  const records: RegistryRecord[] = [];
  for (const association of chosen) {
    if (association.frozen && !cascades) {
      throw new RegistryError(
        errorCodes.ASSOCIATION_FROZEN,
        `The ${association.associationType} association of resource "${resourceId}" is frozen; ` +
          `cascadeLifecycle=true deletes it with its subject`,
      );
    }
    records.push(...recordsFor(core, { kind: "ASSOC", ...association }, null));
  }
  for (const { lifecycle, subject } of cascades ? chosen : []) {
    const live = (subjects.get(subject)?.liveCount ?? 0) > 0;
    if (lifecycle !== "STRONG" || !live) continue;
    records.push(...decideDeleteSubject(core, subject, { associated: true }).records);
  }
  return { records, result: null };
}

/** Fails with 40905 where an association forbids new versions of a subject. */
export function refuseFrozen(core: StoreCore, subject: string): void {
  const frozen = core.state.associations.ofSubject(subject).find((one) => one.frozen);
  if (frozen === undefined) return;
  throw new RegistryError(
    errorCodes.ASSOCIATION_FROZEN,
    `Subject "${subject}" takes no new versions: its association with ${frozen.resourceType} ` +
      `"${frozen.resourceName}" is frozen`,
  );
}

function answered(
  core: StoreCore,
  associations: readonly Association[],
  filter: AssociationFilter,
): JsonObject[] {
  const wanted = associations.filter((association) => isWanted(association, filter));
  return pageOf(wanted, filter, core.settings.subjectPage).map((association) => ({
    subject: association.subject,
    guid: association.guid,
    resourceName: association.resourceName,
    resourceNamespace: association.resourceNamespace,
    resourceId: association.resourceId,
    resourceType: association.resourceType,
    associationType: association.associationType,
    lifecycle: association.lifecycle,
    frozen: association.frozen,
  }));
}

function isWanted(association: Association, filter: AssociationFilter): boolean {
  const { resourceType = DEFAULT_RESOURCE_TYPE, associationTypes = [], lifecycle } = filter;
  return association.resourceType === resourceType &&
    (lifecycle == null || association.lifecycle === lifecycle) &&
    (associationTypes.length === 0 || associationTypes.includes(association.associationType));
}
