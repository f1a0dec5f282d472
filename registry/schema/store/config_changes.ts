import { type Config, configJson, type ConfigUpdate, EMPTY_CONFIG, mergeConfig } from "./config.ts";
import { type Decision, recordsFor, type StoreCore } from "./core.ts";
import type { JsonObject } from "./json.ts";
import { configValueText } from "./record_value.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { effectiveConfig, refuseReadOnly } from "./scopes.ts";
import { checkScope } from "./subject_name.ts";

/** GET /config and /config/{subject}. Throws 40408 where nothing is set, unless it falls back. */
export function readConfig(
  core: StoreCore,
  scopeAsked: string | null,
  options: { readonly defaultToGlobal?: boolean },
): JsonObject {
  const scope = checkScope(scopeAsked);
  const own = core.state.configs.get(scope);
  if (own === undefined && scope !== null && options.defaultToGlobal !== true) {
    throw new RegistryError(
      errorCodes.SUBJECT_CONFIG_NOT_FOUND,
      `Subject "${scope}" has no compatibility config of its own`,
    );
  }
  return configJson(effectiveConfig(core, scope));
}

/** PUT /config and /config/{subject}: the answer repeats what was set. Throws 42205. */
export function decideSetConfig(
  core: StoreCore,
  scopeAsked: string | null,
  update: ConfigUpdate,
): Decision<JsonObject> {
  const scope = checkScope(scopeAsked);
  refuseReadOnly(core, scope, "change the config");
  refuseAlias(scope, update);
  const config = mergeConfig(core.state.configs.get(scope) ?? EMPTY_CONFIG, update);
  const key = { kind: "CONFIG", subject: scope } as const;
  const records = recordsFor(core, key, configValueText(scope, config));
  return { records, result: configJson(update, "compatibility") };
}

/** DELETE /config and /config/{subject}: the config that was. Throws 40401 where a subject has none, 42205. */
export function decideDeleteConfig(
  core: StoreCore,
  scopeAsked: string | null,
): Decision<JsonObject> {
  const scope = checkScope(scopeAsked);
  refuseReadOnly(core, scope, "delete the config");
  const own: Config | undefined = core.state.configs.get(scope);
  if (own === undefined && scope !== null) {
    throw new RegistryError(
      errorCodes.SUBJECT_NOT_FOUND,
      `Subject "${scope}" has no config of its own to delete`,
    );
  }
  const records = own === undefined
    ? []
    : recordsFor(core, { kind: "CONFIG", subject: scope }, null);
  return { records, result: configJson(effectiveConfig(core, scope)) };
}

/** Only a subject can stand for another one. */
function refuseAlias(scope: string | null, update: ConfigUpdate): void {
  if (update.alias === undefined || update.alias === null) return;
  if (scope !== null && !/^:\.[^:]*:$/.test(scope) && update.alias !== scope) return;
  throw new RegistryError(
    errorCodes.UNPROCESSABLE,
    `alias is "${update.alias}"; only a subject can be an alias, of another one`,
  );
}
