import { byCodeUnits } from "./json.ts";
import type { AssociationKey } from "./record_key.ts";

/** Whether a subject lives and dies with its resource. */
export type Lifecycle = "STRONG" | "WEAK";

/** That a resource, such as a topic, uses a subject. */
export interface Association extends AssociationKey {
  readonly guid: string;
  readonly resourceId: string;
  readonly lifecycle: Lifecycle;
  /** Whether the subject may no longer change. */
  readonly frozen: boolean;
  /** Milliseconds since 1970. */
  readonly createTs: number;
  readonly updateTs: number;
}

/** All associations, found by subject, by the resource's id and by its name. */
export class AssociationTable {
  readonly #byKey = new Map<string, Association>();
  readonly #bySubject = new Map<string, Map<string, Association>>();
  readonly #byResourceId = new Map<string, Map<string, Association>>();
  readonly #byResourceName = new Map<string, Map<string, Association>>();

  /** Puts an association under the text of its key, or takes it away. */
  put(key: string, association: Association | null): void {
    const old = this.#byKey.get(key);
    if (old !== undefined) {
      drop(this.#bySubject, old.subject, key);
      drop(this.#byResourceId, old.resourceId, key);
      drop(this.#byResourceName, old.resourceName, key);
      this.#byKey.delete(key);
    }
    if (association === null) return;
    this.#byKey.set(key, association);
    add(this.#bySubject, association.subject, key, association);
    add(this.#byResourceId, association.resourceId, key, association);
    add(this.#byResourceName, association.resourceName, key, association);
  }

  /** Associations of a subject, oldest first. */
  ofSubject(subject: string): Association[] {
    return sorted(this.#bySubject.get(subject));
  }

  /** Associations of the resource with this id, oldest first. */
  ofResourceId(resourceId: string): Association[] {
    return sorted(this.#byResourceId.get(resourceId));
  }

  /** Associations of resources with this name in any namespace, oldest first. */
  ofResourceName(resourceName: string): Association[] {
    return sorted(this.#byResourceName.get(resourceName));
  }
}

type Index = Map<string, Map<string, Association>>;

function add(index: Index, name: string, key: string, association: Association): void {
  const list = index.get(name) ?? new Map<string, Association>();
  index.set(name, list.set(key, association));
}

function drop(index: Index, name: string, key: string): void {
  const list = index.get(name);
  if (list?.delete(key) && list.size === 0) index.delete(name);
}

function sorted(list: Map<string, Association> | undefined): Association[] {
  return [...list?.values() ?? []].sort((a, b) =>
    a.createTs - b.createTs || byCodeUnits(a.subject, b.subject) ||
    byCodeUnits(a.associationType, b.associationType)
  );
}
