import { type Decision, recordsFor, type StoreCore } from "./core.ts";
import { refuseReferred, tombstones } from "./deletion.ts";
import { subjectsOfContext, subjectsWith } from "./lists.ts";
import type { Mode } from "./mode.ts";
import type { RegistryRecord } from "./record_key.ts";
import { modeValueText } from "./record_value.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { effectiveMode } from "./scopes.ts";
import type { SubjectState } from "./state.ts";
import {
  ANY_CONTEXT_PREFIX,
  checkScope,
  DEFAULT_CONTEXT,
  GLOBAL_CONTEXT,
  scopeOfContext,
  subjectParts,
} from "./subject_name.ts";

/** What is answered about a mode. */
export interface ModeAnswer {
  readonly mode: Mode;
}

/** GET /mode and /mode/{subject}. Throws 40409 where nothing is set, unless it falls back. */
export function readModeOf(
  core: StoreCore,
  scopeAsked: string | null,
  options: { readonly defaultToGlobal?: boolean },
): ModeAnswer {
  const scope = checkScope(scopeAsked);
  const own = core.state.modes.get(scope);
  if (scope === null || options.defaultToGlobal === true) {
    return { mode: effectiveMode(core, scope) };
  }
  if (own !== undefined) return { mode: own };
  throw new RegistryError(
    errorCodes.SUBJECT_MODE_NOT_FOUND,
    `Subject "${scope}" has no mode of its own`,
  );
}

/** PUT /mode and /mode/{subject}. Throws 42204, 42205, 42206. */
export function decideSetMode(
  core: StoreCore,
  scopeAsked: string | null,
  mode: Mode,
  options: { readonly force?: boolean } = {},
): Decision<ModeAnswer> {
  const scope = checkScope(scopeAsked);
  refuseImmutable(core);
  if (mode === "FORWARD" && scope !== null && contextOfScope(scope) !== GLOBAL_CONTEXT) {
    throw new RegistryError(
      errorCodes.INVALID_MODE,
      `Mode FORWARD can't be set for "${scope}", only for the whole registry`,
    );
  }
  const records: RegistryRecord[] = [];
  const begins = mode === "IMPORT" && effectiveMode(core, scope) !== "IMPORT";
  if (begins && options.force !== true) records.push(...emptied(core, scope));
  records.push(...recordsFor(core, { kind: "MODE", subject: scope }, modeValueText(scope, mode)));
  return { records, result: { mode } };
}

/** DELETE /mode and /mode/{subject}: the mode that was. Throws 40401 where a subject has none, 42205. */
export function decideDeleteMode(
  core: StoreCore,
  scopeAsked: string | null,
  options: { readonly recursive?: boolean } = {},
): Decision<ModeAnswer> {
  const scope = checkScope(scopeAsked);
  refuseImmutable(core);
  const { modes } = core.state;
  const own = modes.get(scope);
  if (own === undefined && scope !== null) {
    throw new RegistryError(
      errorCodes.SUBJECT_NOT_FOUND,
      `Subject "${scope}" has no mode of its own to delete`,
    );
  }
  const context = contextOfScope(scope);
  const cleared = [...modes.keys()].filter((one) =>
    one === scope ||
    (options.recursive === true && context !== null && isWithin(one, context))
  );
  const records = cleared.flatMap((one) => recordsFor(core, { kind: "MODE", subject: one }, null));
  return { records, result: { mode: own ?? effectiveMode(core, scope) } };
}

function refuseImmutable(core: StoreCore): void {
  if (core.settings.modeMutability) return;
  throw new RegistryError(
    errorCodes.OPERATION_NOT_PERMITTED,
    "Modes can't be changed: mode.mutability is false",
  );
}

/** Records that leave a scope without schemas, so that any id may come. Fails where some are live. */
function emptied(core: StoreCore, scope: string | null): RegistryRecord[] {
  const subjects = [...subjectsInScope(core, scope)];
  const live = subjects.find((subject) => subject.liveCount > 0);
  if (live !== undefined) {
    throw new RegistryError(
      errorCodes.OPERATION_NOT_PERMITTED,
      `Mode IMPORT needs an empty ${scope === null ? "registry" : `"${scope}"`}: ` +
        `subject "${live.name}" has schemas; force=true sets it all the same`,
    );
  }
  const leaving = new Set(subjects);
  for (const entry of subjects.flatMap((subject) => subject.entries)) {
    for (const referrer of core.state.referrers(entry.subject.name, entry.version)) {
      // What goes too may refer to it.
      if (!leaving.has(referrer.subject)) refuseReferred(core, entry, true, true);
    }
  }
  return subjects.flatMap((subject) => {
    const value = JSON.stringify({ subject: subject.name });
    const key = { kind: "CLEAR_SUBJECT", subject: subject.name } as const;
    return [...tombstones(core, subject.entries), ...recordsFor(core, key, value)];
  });
}

function* subjectsInScope(core: StoreCore, scope: string | null): Generator<SubjectState> {
  const context = contextOfScope(scope);
  if (context === GLOBAL_CONTEXT) yield* subjectsWith(core, ANY_CONTEXT_PREFIX);
  else if (context !== null) yield* subjectsOfContext(core, context);
  else {
    const subject = core.state.subjects.get(scope!);
    if (subject !== undefined) yield subject;
  }
}

/** The context that a scope is the whole of; null for a subject. */
function contextOfScope(scope: string | null): string | null {
  if (scope === null) return DEFAULT_CONTEXT;
  const { context } = subjectParts(scope);
  return scopeOfContext(context) === scope ? context : null;
}

function isWithin(scope: string | null, context: string): boolean {
  if (context === GLOBAL_CONTEXT) return true;
  return scope !== null && subjectParts(scope).context === context;
}
