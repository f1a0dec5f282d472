import { qualify } from "./declare.ts";
import type { LinkedFile, LinkedSymbol } from "./linked.ts";

/** The kinds of symbols that contain others. */
function isScope(symbol: LinkedSymbol): boolean {
  return symbol.kind === "message" || symbol.kind === "enum" || symbol.kind === "service";
}

function find(files: readonly LinkedFile[], fullName: string): LinkedSymbol | undefined {
  for (const file of files) {
    const symbol = file.symbols.get(fullName);
    if (symbol !== undefined) return symbol;
  }
  return undefined;
}

function isPackage(files: readonly LinkedFile[], fullName: string): boolean {
  return files.some((file) => file.packages.has(fullName));
}

/**
 * What `name` means in `scope`, by C++'s rules as Protobuf has them: the innermost scope that knows the first part
 * decides, and the rest must be in it. A leading dot starts at the outermost scope. `accepts` passes over
 * symbols of another kind when the name has one part alone.
 */
export function lookup<T extends LinkedSymbol>(
  files: readonly LinkedFile[],
  name: string,
  scope: string,
  accepts: (symbol: LinkedSymbol) => symbol is T,
): T | null {
  if (name.startsWith(".")) {
    const symbol = find(files, name.slice(1));
    return symbol !== undefined && accepts(symbol) ? symbol : null;
  }
  const dot = name.indexOf(".");
  const first = dot < 0 ? name : name.slice(0, dot);
  for (let around = scope;;) {
    const candidate = qualify(around, first);
    const symbol = find(files, candidate);
    if (dot < 0) {
      if (symbol !== undefined && accepts(symbol)) return symbol;
    } else if (symbol !== undefined ? isScope(symbol) : isPackage(files, candidate)) {
      const whole = find(files, qualify(around, name));
      return whole !== undefined && accepts(whole) ? whole : null;
    }
    if (around === "") return null;
    around = around.slice(0, Math.max(0, around.lastIndexOf(".")));
  }
}
