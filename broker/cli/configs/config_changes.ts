import { UsageError } from "../command_error.ts";

/** Options to set, in the order given. */
export type AddedConfigs = ReadonlyMap<string, string>;

/**
 * Parses what `--add-config` takes: `k1=v1,k2=[v1,v2],k3=`. Square brackets hold a value with commas
 * together.
 */
export function parseAddedConfigs(text: string): AddedConfigs {
  const added = new Map<string, string>();
  for (const item of splitOutsideBrackets(text)) {
    const equals = item.indexOf("=");
    const name = item.slice(0, Math.max(equals, 0)).trim();
    if (name === "") {
      throw new UsageError(`--add-config ${text}: allowed is name=value,name=[value,value]`);
    }
    added.set(checkedName(name), item.slice(equals + 1).trim().replace(/^\[(.*)\]$/, "$1").trim());
  }
  return added;
}

/** Parses what `--delete-config` takes: `k1,k2`. */
export function parseDeletedConfigs(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(",")).map((name) => checkedName(name.trim()))
    .filter((name) => name !== "");
}

function checkedName(name: string): string {
  if (/^[a-zA-Z0-9._-]*$/.test(name)) return name;
  throw new UsageError(`${name} names no option: allowed are letters, digits, ".", "_" and "-"`);
}

function splitOutsideBrackets(text: string): string[] {
  const items: string[] = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "[") depth++;
    if (character === "]") depth--;
    if (character === "," && depth === 0) items.push("");
    else items[items.length - 1] += character;
  }
  if (depth !== 0) throw new UsageError(`--add-config ${text}: a bracket is not closed`);
  return items;
}
