import type { Clock } from "../../base/mod.ts";
import { errorCodes, errorMessage, errorName, isRetriable } from "../../protocol/mod.ts";
import { ConnectionError } from "./broker_connection.ts";

/** What became of one thing that was asked for: its value, or the error code and a sentence. */
export type Outcome<R> = { readonly ok: true; readonly value: R } | Failure;

/** Why something that was asked for has no value. */
export interface Failure {
  readonly ok: false;
  readonly code: number;
  readonly message: string;
}

/** A good {@linkcode Outcome}. */
export function done<R>(value: R): Outcome<R> {
  return { ok: true, value };
}

/** A failed {@linkcode Outcome}; the error table's own sentence where the broker gave none. */
export function failed(code: number, message: string | null = null): Failure {
  return { ok: false, code, message: message || errorMessage(code) };
}

/** `NAME: sentence` of a failed outcome. */
export function describeFailure({ code, message }: Failure): string {
  return `${errorName(code)}: ${message}`;
}

/** How things are found and asked for that lie on different brokers. */
export interface FanOutSteps<K, R> {
  /** The broker of each key, or why it has none. */
  locate(keys: readonly K[]): Promise<Map<K, Outcome<number>>>;
  /** Asks one broker for keys that lie on it; every key has an outcome. */
  ask(nodeId: number, keys: readonly K[]): Promise<Map<K, Outcome<R>>>;
  /** What is known of where these lie was wrong: `locate` must look again. */
  forget(keys: readonly K[]): void;
}

/** How long to go on. */
export interface RetryLimits {
  readonly clock: Clock;
  readonly timeoutMs: number;
}

const BACKOFF_MS = 100;
const BACKOFF_MS_MAX = 1000;

/** Errors that a broker gives for good although another attempt might find them gone. */
const FINAL_CODES: ReadonlySet<number> = new Set([errorCodes.UNKNOWN_TOPIC_OR_PARTITION]);

/** Whether asking again, maybe another broker, is worth the time. */
export function isWorthRetrying(code: number): boolean {
  return isRetriable(code) && !FINAL_CODES.has(code);
}

/**
 * Asks for each key on the broker where it lies, brokers side by side, and again for those that have
 * moved, are still loading or whose broker has gone, until the time is over; then a key keeps the
 * error it had last. Rejects with {@linkcode ConnectionError} when a broker stays away.
 */
export async function fanOut<K, R>(
  keys: Iterable<K>,
  steps: FanOutSteps<K, R>,
  { clock, timeoutMs }: RetryLimits,
): Promise<Map<K, Outcome<R>>> {
  const outcomes = new Map<K, Outcome<R>>();
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  let pending = [...keys];
  for (let backoffMs = BACKOFF_MS; pending.length > 0; backoffMs *= 2) {
    const round = await askOnce(pending, steps);
    const late = clock.monotonicMs() >= deadlineMs;
    const again: K[] = [];
    for (const [key, outcome] of round.outcomes) {
      outcomes.set(key, outcome);
      if (!outcome.ok && !late && isWorthRetrying(outcome.code)) again.push(key);
    }
    if (round.lost !== null) {
      if (late) throw round.lost.error;
      again.push(...round.lost.keys);
    }
    pending = again;
    if (pending.length === 0) break;
    steps.forget(pending);
    await pause(clock, Math.min(backoffMs, BACKOFF_MS_MAX));
  }
  return outcomes;
}

interface Round<K, R> {
  readonly outcomes: Map<K, Outcome<R>>;
  /** Keys whose broker could not be asked, with the first reason. */
  readonly lost: { readonly keys: readonly K[]; readonly error: ConnectionError } | null;
}

async function askOnce<K, R>(
  keys: readonly K[],
  steps: FanOutSteps<K, R>,
): Promise<Round<K, R>> {
  const outcomes = new Map<K, Outcome<R>>();
  const byNode = new Map<number, K[]>();
  for (const [key, place] of await steps.locate(keys)) {
    if (!place.ok) outcomes.set(key, place);
    else byNode.getOrInsertComputed(place.value, () => []).push(key);
  }
  const lostKeys: K[] = [];
  let lostBecause: ConnectionError | null = null;
  await Promise.all([...byNode].map(async ([nodeId, keysOfNode]) => {
    try {
      for (const [key, outcome] of await steps.ask(nodeId, keysOfNode)) outcomes.set(key, outcome);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      lostKeys.push(...keysOfNode);
      lostBecause ??= error;
    }
  }));
  return { outcomes, lost: lostBecause === null ? null : { keys: lostKeys, error: lostBecause } };
}

/** Resolves `delayMs` from now. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  clock.schedule(delayMs, resolve);
  return promise;
}
