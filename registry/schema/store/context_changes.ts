import { type Decision, recordsFor, type StoreCore } from "./core.ts";
import { settingsTombstones } from "./deletion.ts";
import { TENANT } from "./record_key.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { refuseReadOnly } from "./scopes.ts";
import { checkContext, DEFAULT_CONTEXT } from "./subject_name.ts";

/** DELETE /contexts/{context}: an empty one. Throws 400, 404, 42205, 42211. */
export function decideDeleteContext(core: StoreCore, contextAsked: string): Decision<null> {
  const name = checkContext(contextAsked);
  if (name === DEFAULT_CONTEXT) {
    throw new RegistryError(
      errorCodes.OPERATION_NOT_PERMITTED,
      "The default context can't be deleted",
    );
  }
  const context = core.state.contexts.get(name);
  if (context === undefined || (!context.declared && context.subjectCount === 0)) {
    throw new RegistryError(errorCodes.CONTEXT_NOT_FOUND, `Context ${name} is unknown`);
  }
  const scope = `:${name}:`;
  refuseReadOnly(core, scope, `delete context ${name}`);
  if (context.subjectCount > 0) {
    throw new RegistryError(
      errorCodes.CONTEXT_NOT_EMPTY,
      `Context ${name} has ${context.subjectCount} subject(s), soft-deleted ones included`,
    );
  }
  const key = { kind: "CONTEXT", tenant: TENANT, context: name } as const;
  const records = [...settingsTombstones(core, scope), ...recordsFor(core, key, null)];
  return { records, result: null };
}
