import type { Association } from "./association_table.ts";
import type { JsonObject } from "./json.ts";
import type { AssociationKey } from "./record_key.ts";

/** Text of the value of an ASSOC record. */
export function associationValueText(association: Association): string {
  return JSON.stringify({
    guid: association.guid,
    tenant: association.tenant,
    resourceName: association.resourceName,
    resourceNamespace: association.resourceNamespace,
    resourceId: association.resourceId,
    resourceType: association.resourceType,
    associationType: association.associationType,
    subject: association.subject,
    lifecycle: association.lifecycle,
    frozen: association.frozen,
    createTs: association.createTs,
    updateTs: association.updateTs,
  });
}

/** Reads the value of an ASSOC record; null for one that is none. */
export function readAssociation(key: AssociationKey, json: JsonObject): Association | null {
  const { guid, resourceId, lifecycle, frozen, createTs, updateTs } = json;
  if (typeof resourceId !== "string") return null;
  if (lifecycle !== "STRONG" && lifecycle !== "WEAK") return null;
  const { tenant, resourceName, resourceNamespace, resourceType, associationType, subject } = key;
  return {
    ...{ tenant, resourceName, resourceNamespace, resourceType, associationType, subject },
    guid: typeof guid === "string" ? guid : "",
    resourceId,
    lifecycle,
    frozen: frozen === true,
    createTs: typeof createTs === "number" ? createTs : 0,
    updateTs: typeof updateTs === "number" ? updateTs : 0,
  };
}
