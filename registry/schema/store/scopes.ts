import { completeConfig, type Config, EMPTY_CONFIG } from "./config.ts";
import type { StoreCore } from "./core.ts";
import { isReadOnly, type Mode } from "./mode.ts";
import { errorCodes, RegistryError } from "./registry_error.ts";
import { aliasTarget } from "./state.ts";
import { checkSubject, GLOBAL_CONTEXT, scopeOfContext, subjectParts } from "./subject_name.ts";

const GLOBAL_SCOPE = `:${GLOBAL_CONTEXT}:`;

/** The scopes whose settings hold for one, itself first: then its context, then the global context. */
export function scopeChain(scope: string | null): (string | null)[] {
  const context = scope === null ? null : scopeOfContext(subjectParts(scope).context);
  return [...new Set([scope, context, GLOBAL_SCOPE])];
}

/** What holds in a scope: its own config, completed by those around it and by the settings. */
export function effectiveConfig(core: StoreCore, scope: string | null): Config {
  const { configs } = core.state;
  let effective: Config | null = null;
  for (const one of scopeChain(scope)) {
    const config = configs.get(one);
    if (config === undefined) continue;
    if (effective !== null) effective = completeConfig(effective, config);
    // Metadata and rules pass on to subjects that set nothing; an alias is one subject's alone.
    else effective = one === scope ? config : { ...config, alias: null, aliasForDeks: null };
  }
  const { compatibilityLevel } = core.settings;
  return completeConfig(effective ?? EMPTY_CONFIG, { ...EMPTY_CONFIG, compatibilityLevel });
}

/** The mode that holds in a scope. */
export function effectiveMode(core: StoreCore, scope: string | null): Mode {
  const { modes } = core.state;
  const chain = scopeChain(scope);
  if (chain.slice(1).some((one) => modes.get(one) === "READONLY_OVERRIDE")) {
    return "READONLY_OVERRIDE";
  }
  for (const one of chain) {
    const mode = modes.get(one);
    if (mode !== undefined) return mode;
  }
  return "READWRITE";
}

/** Whether schemas are stored in normalised form under a config. */
export function normalizes(core: StoreCore, config: Config): boolean {
  return config.normalize ?? core.settings.normalize;
}

/** Fails with 42205 where nothing but modes may change. */
export function refuseReadOnly(core: StoreCore, scope: string | null, what: string): void {
  const mode = effectiveMode(core, scope);
  if (isReadOnly(mode)) throw notInMode(scope, mode, what);
}

/** That something can't be done in a mode. */
export function notInMode(scope: string | null, mode: Mode, what: string): RegistryError {
  const where = scope === null ? "the registry" : `"${scope}"`;
  return new RegistryError(
    errorCodes.OPERATION_NOT_PERMITTED,
    `Cannot ${what}: ${where} is in mode ${mode}`,
  );
}

/** The subject that a path or a query means: checked, and its alias followed once. */
export function meantSubject(core: StoreCore, subject: string): string {
  const checked = checkSubject(subject, core.settings.rejectEmptySubject);
  return aliasTarget(checked, core.state.configs.get(checked)) ?? checked;
}
