import type { FileNode, OptionNode, OptionValue } from "./syntax_tree.ts";

/** What editions call features, and proto2 and proto3 fix for a whole file. */
export interface Features {
  readonly presence: "explicit" | "implicit" | "required";
  readonly closedEnums: boolean;
  readonly packed: boolean;
  readonly validatesUtf8: boolean;
  /** Whether messages are written between tags, as groups are. */
  readonly delimited: boolean;
}

const PROTO2: Features = {
  presence: "explicit",
  closedEnums: true,
  packed: false,
  validatesUtf8: false,
  delimited: false,
};

const PROTO3: Features = {
  presence: "implicit",
  closedEnums: false,
  packed: true,
  validatesUtf8: true,
  delimited: false,
};

const EDITION: Features = { ...PROTO3, presence: "explicit" };

/** The values of features, by their names in options. */
const VALUES: Readonly<Record<string, Readonly<Record<string, Partial<Features>>>>> = {
  field_presence: {
    EXPLICIT: { presence: "explicit" },
    IMPLICIT: { presence: "implicit" },
    LEGACY_REQUIRED: { presence: "required" },
  },
  enum_type: { OPEN: { closedEnums: false }, CLOSED: { closedEnums: true } },
  repeated_field_encoding: { PACKED: { packed: true }, EXPANDED: { packed: false } },
  utf8_validation: { VERIFY: { validatesUtf8: true }, NONE: { validatesUtf8: false } },
  message_encoding: { DELIMITED: { delimited: true }, LENGTH_PREFIXED: { delimited: false } },
};

/** The features of a file: those of its syntax, as its own options change them. */
export function fileFeatures(file: FileNode): Features {
  const base = file.edition !== null ? EDITION : file.syntax === "proto3" ? PROTO3 : PROTO2;
  return withFeatures(base, file.options);
}

/** Features as the options of something inside change them. */
export function withFeatures(features: Features, options: readonly OptionNode[]): Features {
  for (const { name, value } of options) {
    if (name[0]!.extension || name[0]!.name !== "features") continue;
    if (name.length === 2) features = changed(features, name[1]!.name, value);
    else if (name.length === 1 && value.kind === "message") {
      for (const field of value.fields) features = changed(features, field.name, field.value);
    }
  }
  return features;
}

function changed(features: Features, name: string, value: OptionValue): Features {
  if (value.kind !== "name" || !Object.hasOwn(VALUES, name)) return features;
  const values = VALUES[name]!;
  return Object.hasOwn(values, value.text) ? { ...features, ...values[value.text] } : features;
}
