/**
 * How the HTTP services read their options: tables of options, and where values come from (a properties file,
 * variables as container images spell them, overrides on the command line).
 */
export {
  flag,
  integer,
  list,
  oneOf,
  type Option,
  type OptionTable,
  secret,
  type SettingsOf,
  text,
} from "./option.ts";
export {
  type LoadedSettings,
  readSettings,
  SettingsError,
  type SettingsInputs,
  type SettingsRules,
} from "./read_settings.ts";
