/**
 * Which instance takes writes: the instances of a registry are a consumer group of a protocol of their own, whose
 * leader names the primary. A driver: the group does the electing, this reads and writes what its members say.
 */
import { Buffer } from "node:buffer";
import type { ServiceLogger } from "../http/mod.ts";
import {
  type GroupAssignment,
  type GroupMember,
  GroupMembership,
  type KafkaClient,
} from "../kafka/mod.ts";

/** An instance, as the others reach it. */
export interface Identity {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  /** Whether it may take writes. */
  readonly isEligible: boolean;
}

/** Who takes writes. */
export interface Primary {
  readonly isSelf: boolean;
  /** Base of its addresses, such as `http://host:8081`. */
  readonly url: string;
}

/** How instances find each other. */
export interface ElectionOptions {
  readonly client: KafkaClient;
  readonly groupId: string;
  readonly self: Identity;
  /** Whether a primary stays it while it lives, whoever comes. */
  readonly isSticky: boolean;
  readonly logger: ServiceLogger;
  /** A new primary, or null: nobody, for now. Awaited before the next change. */
  onPrimary(primary: Primary | null): void | Promise<void>;
  /** The group refuses this instance for good. */
  onFatal(error: Error): void;
}

const PROTOCOL_TYPE = "sr";
const PROTOCOL_NAME = "v0";
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_INTERVAL_MS = 3_000;
/** The code of an assignment that names nobody because two instances claim one address. */
const DUPLICATE_URLS = 1;

/** A member's word about itself, field for field as other registries read it. */
interface MemberJson {
  readonly version: number;
  readonly host: string;
  readonly port: number;
  readonly master_eligibility: boolean;
  readonly scheme: string;
  readonly leader?: boolean;
}

/** What the leader tells every member. */
interface AssignmentJson {
  readonly version: number;
  readonly error: number;
  /** Member id of the primary; null for nobody. */
  readonly master: string | null;
  readonly master_identity: MemberJson | null;
}

/** Membership in the group of instances. */
export class PrimaryElection {
  readonly #options: ElectionOptions;
  readonly #membership: GroupMembership;
  #isPrimary = false;

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#membership = new GroupMembership(options.client, {
      groupId: options.groupId,
      protocolType: PROTOCOL_TYPE,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
      protocols: () => [{ name: PROTOCOL_NAME, metadata: bytesOf(this.#word()) }],
      assign: (_protocol, members) => assignmentOf(members, options.isSticky),
      onAssigned: (assignment) => this.#onAssigned(assignment),
      onRevoked: async (reason) => {
        // In a rebalance it says that it was primary, so that a sticky election keeps it.
        if (reason !== "rebalance") this.#isPrimary = false;
        await options.onPrimary(null);
      },
      onFatal: options.onFatal,
    });
  }

  /** Begins to take part. */
  start(): void {
    this.#membership.start();
  }

  /** Leaves, so that another takes over at once. */
  leave(): Promise<void> {
    return this.#membership.leave();
  }

  #word(): MemberJson {
    const { scheme, host, port, isEligible } = this.#options.self;
    return {
      version: 1,
      host,
      port,
      master_eligibility: isEligible,
      scheme,
      leader: this.#isPrimary,
    };
  }

  async #onAssigned({ assignment, memberId }: GroupAssignment): Promise<void> {
    const { logger, onPrimary } = this.#options;
    const told = read(assignment) as AssignmentJson | null;
    const identity = told?.master_identity ?? null;
    if (told?.error === DUPLICATE_URLS) {
      logger.error("Two instances say that they are at one address: nobody takes writes");
    } else if (identity === null || told?.master == null) {
      logger.warn("No instance may take writes");
    } else {
      this.#isPrimary = told.master === memberId;
      const url = urlOf(identity);
      logger.info(this.#isPrimary ? "This instance takes writes" : `${url} takes writes`);
      return await onPrimary({ isSelf: this.#isPrimary, url });
    }
    this.#isPrimary = false;
    await onPrimary(null);
  }
}

/** What the leader gives to each member: the eligible one of the smallest address is primary. */
export function assignmentOf(
  members: readonly GroupMember[],
  isSticky: boolean,
): Map<string, Uint8Array> {
  const words = members.map(({ memberId, metadata }) => ({
    memberId,
    word: read(metadata) as MemberJson | null,
  })).filter((one): one is { memberId: string; word: MemberJson } => one.word !== null);
  const urls = words.map(({ word }) => urlOf(word));
  const isDouble = new Set(urls).size < urls.length;
  const eligible = words.filter(({ word }) => word.master_eligibility === true)
    .sort((a, b) => urlOf(a.word) < urlOf(b.word) ? -1 : 1);
  const stays = isSticky ? eligible.find(({ word }) => word.leader === true) : undefined;
  const chosen = isDouble ? null : stays ?? eligible[0] ?? null;
  const json: AssignmentJson = {
    version: 1,
    error: isDouble ? DUPLICATE_URLS : 0,
    master: chosen?.memberId ?? null,
    master_identity: chosen === null ? null : chosen.word,
  };
  const bytes = bytesOf(json);
  return new Map(members.map(({ memberId }) => [memberId, bytes]));
}

function urlOf({ scheme, host, port }: MemberJson): string {
  return `${scheme ?? "http"}://${host}:${port}`;
}

function bytesOf(json: MemberJson | AssignmentJson): Uint8Array {
  return Buffer.from(JSON.stringify(json));
}

/** Null for bytes that are no JSON: a member of another kind than ours. */
function read(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return null;
  }
}
