import { type RegisteredSchema, type SchemaSource, SchemaSourceError } from "../schemas/mod.ts";

/** Why a schema can't be had, and how long that is taken for granted. */
interface Failure {
  readonly message: string;
  readonly untilMs: number;
}

/** Ids of one stretch of records that may turn out unknown: behind them its bytes are no ids but chance. */
export const UNKNOWN_IDS_MAX = 16;

/** Ids that are remembered as failing; behind them the oldest is forgotten. */
const FAILURES_MAX = 1000;
const UNKNOWN_MS = 30_000;
const UNREACHABLE_MS = 3000;

/**
 * Schemas for reading records, where any four bytes may look like an id: what failed is not asked for again at once,
 * since each asking holds a stream up.
 */
export class SchemaLookup {
  readonly #schemas: SchemaSource;
  readonly #failures = new Map<number, Failure>();
  /** No registry could be reached: none is tried before that time is over. */
  #outage: Failure | null = null;

  constructor(schemas: SchemaSource) {
    this.#schemas = schemas;
  }

  /** The schema where it is at hand, or why it can't be had; null: {@linkcode fetch} has to be called. */
  known(id: number): RegisteredSchema | string | null {
    const schema = this.#schemas.cachedById(id);
    if (schema !== null) return schema;
    const nowMs = performance.now();
    if (this.#outage !== null && this.#outage.untilMs > nowMs) return this.#outage.message;
    const failure = this.#failures.get(id);
    return failure !== undefined && failure.untilMs > nowMs ? failure.message : null;
  }

  /** The schema, or why it can't be had. Never rejects. */
  async fetch(id: number): Promise<RegisteredSchema | string> {
    const known = this.known(id);
    if (known !== null) return known;
    try {
      const schema = await this.#schemas.byId(id);
      this.#outage = null;
      return schema;
    } catch (error) {
      if (!(error instanceof SchemaSourceError)) throw error;
      this.#remember(id, error);
      return error.message;
    }
  }

  #remember(id: number, { reason, message }: SchemaSourceError): void {
    const nowMs = performance.now();
    if (reason === "unreachable") {
      this.#outage = { message, untilMs: nowMs + UNREACHABLE_MS };
      return;
    }
    this.#outage = null;
    this.#failures.delete(id);
    this.#failures.set(id, { message, untilMs: nowMs + UNKNOWN_MS });
    if (this.#failures.size > FAILURES_MAX) {
      this.#failures.delete(this.#failures.keys().next().value!);
    }
  }
}
