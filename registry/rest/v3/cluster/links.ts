/** How collections in a path are called in resource names. */
const RESOURCES: Readonly<Record<string, string>> = {
  brokers: "broker",
  topics: "topic",
  partitions: "partition",
  replicas: "replica",
  configs: "config",
  "broker-configs": "broker-config",
  "consumer-groups": "consumer-group",
  consumers: "consumer",
  assignments: "assignment",
  lags: "lag",
};

/** Part of a path. */
type Segment = string | number;

/** A resource of v3: what it is, its address, its fields. */
export interface Resource {
  readonly kind: string;
  readonly metadata: { readonly self: string; readonly resource_name: string };
  readonly [field: string]: unknown;
}

/** Addresses and resource names, made for the address that a request came to. */
export class Links {
  readonly #base: string;
  readonly #clusterId: string;

  /** `base` ends in `/v3`. */
  constructor(base: string, clusterId: string) {
    this.#base = base;
    this.#clusterId = clusterId;
  }

  /** Address of what lies in the cluster under these segments. */
  url(...path: readonly Segment[]): string {
    const cluster = `${this.#base}/clusters/${encodeURIComponent(this.#clusterId)}`;
    return [cluster, ...path.map((segment) => encodeURIComponent(segment))].join("/");
  }

  /** A relation: where something else is to be had. */
  related(...path: readonly Segment[]): { readonly related: string } {
    return { related: this.url(...path) };
  }

  /** A resource at these segments. */
  resource(
    kind: string,
    path: readonly Segment[],
    fields: Readonly<Record<string, unknown>>,
  ): Resource {
    const metadata = { self: this.url(...path), resource_name: this.#name(path) };
    return { kind, metadata, cluster_id: this.#clusterId, ...fields };
  }

  /** A list of resources, whole: nothing is paged. */
  list(kind: string, path: readonly Segment[], data: readonly unknown[]) {
    return { kind: `${kind}List`, metadata: { self: this.url(...path), next: null }, data };
  }

  #name(path: readonly Segment[]): string {
    const parts: string[] = [`kafka=${encodeURIComponent(this.#clusterId)}`];
    for (let i = 0; i < path.length; i += 2) {
      const type = RESOURCES[path[i]!] ?? String(path[i]);
      const id = path[i + 1];
      parts.push(id === undefined ? type : `${type}=${encodeURIComponent(id)}`);
    }
    return `crn:///${parts.join("/")}`;
  }
}
