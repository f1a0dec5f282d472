/**
 * Keeps the arrows of ARCHITECTURE.md: which room may import which, through which door.
 *
 * Run alone (`deno run -A scripts/check_imports.ts`) it prints one line per broken rule and exits
 * with 1. The rules are the data in {@linkcode ARROWS} and {@linkcode DOORS}; the rest only applies
 * them. It reads import statements as `deno fmt` writes them (a statement starts its line).
 */

/** One import as a file states it. */
export interface Import {
  readonly specifier: string;
  /** Whether only types cross: `import type`, or every name marked `type`. */
  readonly typeOnly: boolean;
  /** 1-based. */
  readonly line: number;
}

/** A broken rule. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/**
 * Doors beside each room's `mod.ts`: files that outsiders may name, and the name that
 * {@linkcode ARROWS} gives them.
 */
export const DOORS: Readonly<Record<string, string>> = {
  "broker/protocol/records/mod.ts": "broker/protocol/records",
  "broker/protocol/errors.ts": "broker/protocol/errors",
  "broker/log/settings.ts": "broker/log/settings",
  // Loads a native add-on: whoever needs no checksums should not pay for it.
  "broker/base/crc32c.ts": "broker/base",
};

const PROTOCOL = ["broker/protocol", "broker/protocol/records", "broker/protocol/errors"];
/** What the HTTP services share. */
const REGISTRY = [...PROTOCOL, "registry/http", "registry/settings", "registry/kafka"];
const CORE = [...PROTOCOL, "broker/base", "broker/metadata"];
const LOG = ["broker/log", "broker/log/settings"];
/** What builds a node imports every room but the command line. */
const ROOT_OF_COMPOSITION = [
  ...CORE,
  ...LOG,
  "broker/raft",
  "broker/controller",
  "broker/replication",
  "broker/coordinator",
  "broker/security",
  "broker/handlers",
  "broker/server",
  "broker/config",
  "broker/metrics",
];

/**
 * What a room's files may import: doors by name, with `type:` in front when only types may cross.
 * `broker` itself is its door alone (`broker/mod.ts`). A room that is
 * missing here fails the check, so that nobody adds one without saying where it stands.
 */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  "main": ["broker", "broker/cli", "registry", "connect"],
  "registry": [...REGISTRY, "registry/schema", "registry/rest"],
  // What both services stand on.
  "registry/http": ["registry/settings"],
  "registry/settings": [],
  "registry/kafka": [...PROTOCOL, "broker/base"],
  // Schemas themselves, without a service: the REST proxy encodes and decodes by them.
  "registry/schema/formats": [],
  "registry/schema/compatibility": ["registry/schema/formats"],
  "registry/schema/store": ["registry/schema/formats", "registry/schema/compatibility"],
  "registry/schema": [
    ...REGISTRY,
    "registry/schema/formats",
    "registry/schema/compatibility",
    "registry/schema/store",
  ],
  "registry/rest": [...REGISTRY, "registry/schema/formats"],
  "connect": ["broker/protocol", "broker/protocol/errors"],
  "broker/base": [],
  "broker/protocol": ["broker/base"],
  "broker/log": ["broker/protocol/records", "broker/protocol/errors", "broker/base"],
  "broker/config": ["type:broker/log/settings", "broker/protocol/errors", "broker/base"],
  "broker/metrics": ["broker/base"],
  "broker/metadata": [...PROTOCOL, "broker/base"],
  "broker/raft": CORE,
  "broker/controller": CORE,
  "broker/replication": CORE,
  "broker/coordinator": CORE,
  "broker/security": [...CORE, "broker/config"],
  "broker/handlers": [
    ...CORE,
    ...LOG,
    "broker/coordinator",
    "broker/replication",
    "broker/controller",
    "broker/raft",
    "broker/security",
    "broker/config",
    "broker/metrics",
  ],
  "broker/server": [
    ...PROTOCOL,
    "broker/base",
    "broker/handlers",
    "broker/security",
    "broker/config",
    "broker/metrics",
  ],
  "broker/node": ROOT_OF_COMPOSITION,
  "broker": [...ROOT_OF_COMPOSITION, "broker/node"],
  // Composes what one process runs.
  "broker/cli": [...CORE, ...LOG, "broker", "broker/raft", "broker/config", "registry", "connect"],
  // Tests and scripts look into any room, through its doors.
  "tests": ["*"],
  "scripts": ["*"],
};

/**
 * What a room's `*_driver.ts` may import beside the room's own arrows: the log, and the quorum that
 * carries the controller's records.
 */
export const DRIVER_ARROWS: readonly string[] = [...LOG, "broker/raft"];

const ROOTS = ["main.ts", "broker", "registry", "connect", "tests", "scripts"];
const STATEMENT = /^(?:import|export)\b(?:\s+(type)\b(?!\s+from))?([^;"'`]*?)\bfrom\s+"([^"]+)"/gm;
const BARE_STATEMENT = /^import\s+"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"\s*\)(\s*\.\s*[A-Z])?/g;

/** The imports and re-exports that a file states, in order of their lines. */
export function importsOf(text: string): Import[] {
  const found: Import[] = [];
  function add(index: number, specifier: string, typeOnly: boolean): void {
    found.push({ specifier, typeOnly, line: text.slice(0, index).split("\n").length });
  }
  for (const match of text.matchAll(STATEMENT)) {
    const names = match[2]!.match(/\{([^}]*)\}/)?.[1]?.split(",").map((name) => name.trim());
    const allTypes = names?.filter((name) => name !== "").every((name) => name.startsWith("type "));
    add(match.index, match[3]!, match[1] === "type" || allTypes === true);
  }
  for (const match of text.matchAll(BARE_STATEMENT)) add(match.index, match[1]!, false);
  for (const match of text.matchAll(DYNAMIC)) {
    const before = text.slice(text.lastIndexOf("\n", match.index) + 1, match.index);
    if (/^\s*(\/\/|\*)/.test(before)) continue;
    // `import("./x.ts").Name` stands for a type; a module's value is never taken without `await`.
    add(match.index, match[1]!, match[2] !== undefined && !/\bawait\s*\(?$/.test(before));
  }
  return found.sort((a, b) => a.line - b.line);
}

/** The room that a file lies in: `main`, `broker/log`, `registry/schema/store`, `tests` ... */
export function roomOf(path: string): string {
  const parts = path.split("/");
  if (parts[0] !== "broker" && parts[0] !== "registry") return parts[0]!.replace(/\.ts$/, "");
  const inner = parts.slice(0, 3).join("/");
  if (parts.length > 3 && ARROWS[inner] !== undefined) return inner;
  return parts.length > 2 ? `${parts[0]}/${parts[1]}` : parts[0]!;
}

/** The name by which {@linkcode ARROWS} knows this file as a door, or null when it is none. */
function doorOf(path: string): string | null {
  const special = DOORS[path];
  if (special !== undefined) return special;
  const room = roomOf(path);
  return path === `${room}/mod.ts` ? room : null;
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function isTest(path: string): boolean {
  return path.endsWith("_test.ts") || path.startsWith("tests/");
}

function allowedDoors(path: string, room: string): readonly string[] {
  const arrows = ARROWS[room] ?? [];
  return path.endsWith("_driver.ts") ? [...arrows, ...DRIVER_ARROWS] : arrows;
}

/** What is wrong with one import of `path` from the repository's own files, or null. */
function judge(path: string, target: string, typeOnly: boolean): string | null {
  const room = roomOf(path), targetRoom = roomOf(target);
  if (room === targetRoom || target === "deno.json") return null;
  if (targetRoom === "tests") {
    // The commands of scripts/ run what lies in tests/, and tests use its simulated world.
    return room === "scripts" || isTest(path) ? null : `${room} may not import from tests`;
  }
  if (targetRoom === "scripts") return `${room} may not import from scripts`;
  const door = doorOf(target);
  if (door === null) return `${target} is not a door: import ${targetRoom}/mod.ts`;
  const allowed = allowedDoors(path, room);
  if (allowed.includes("*") || allowed.includes(door)) return null;
  if (allowed.includes(`type:${door}`)) {
    return typeOnly || isTest(path) ? null : `${room} may import types alone from ${door}`;
  }
  // A test stands beside the file that it tests and may build its world from rooms above it.
  if (isTest(path) && (door === "broker" || door.startsWith("broker/"))) return null;
  return `${room} may not import ${door}`;
}

/**
 * Checks a repository given as its files' texts by path (`/` between names, from the root).
 * `importMap` holds the specifiers that deno.json maps.
 */
export function check(
  files: ReadonlyMap<string, string>,
  importMap: readonly string[],
): Finding[] {
  const findings: Finding[] = [];
  const edges = new Map<string, Map<string, Finding>>();
  for (const [path, text] of files) {
    const room = roomOf(path);
    if (ARROWS[room] === undefined) {
      findings.push({ path, line: 1, message: `${room} has no arrows in check_imports.ts` });
      continue;
    }
    for (const { specifier, typeOnly, line } of importsOf(text)) {
      if (!specifier.startsWith(".")) {
        const message = judgeBare(path, specifier, importMap);
        if (message !== null) findings.push({ path, line, message });
        continue;
      }
      const target = resolve(path, specifier);
      const message = judge(path, target, typeOnly);
      if (message !== null) findings.push({ path, line, message });
      const targetRoom = roomOf(target);
      if (room === targetRoom || isTest(path) || path.startsWith("scripts/")) continue;
      const from = edges.get(room) ?? new Map<string, Finding>();
      edges.set(room, from);
      if (!from.has(targetRoom)) from.set(targetRoom, { path, line, message: "" });
    }
  }
  return [...findings, ...cycles(edges)];
}

function judgeBare(path: string, specifier: string, importMap: readonly string[]): string | null {
  if (specifier.startsWith("node:") || importMap.includes(specifier)) return null;
  if (importMap.some((name) => name.endsWith("/") && specifier.startsWith(name))) return null;
  // The republished standard library is pinned in the files that give it types.
  if (path.startsWith("scripts/std/")) return null;
  // Foreign clients that only tests use stay out of the map that the executable is built from.
  if (path.startsWith("tests/clients/") && /^npm:(@[^/]+\/)?[^@/]+@\d/.test(specifier)) return null;
  return `${specifier} is not in the import map of deno.json`;
}

/** One finding for each circle of rooms, named at the import that closes it. */
function cycles(edges: ReadonlyMap<string, ReadonlyMap<string, Finding>>): Finding[] {
  const findings: Finding[] = [];
  const done = new Set<string>();
  function visit(room: string, trail: readonly string[]): void {
    const start = trail.indexOf(room);
    if (start >= 0) {
      const circle = [...trail.slice(start), room];
      const closing = edges.get(trail.at(-1)!)!.get(room)!;
      findings.push({ ...closing, message: `rooms import in a circle: ${circle.join(" -> ")}` });
      return;
    }
    if (done.has(room)) return;
    for (const next of edges.get(room)?.keys() ?? []) visit(next, [...trail, room]);
    done.add(room);
  }
  for (const room of edges.keys()) visit(room, []);
  return findings;
}

async function readTree(root: URL, path: string, into: Map<string, string>): Promise<void> {
  const at = new URL(path, root);
  const stat = await Deno.stat(at).catch(() => null);
  if (stat === null) return;
  if (stat.isFile) {
    if (path.endsWith(".ts")) into.set(path, await Deno.readTextFile(at));
    return;
  }
  const names: string[] = [];
  for await (const entry of Deno.readDir(at)) names.push(entry.name);
  for (const name of names.sort()) await readTree(root, `${path}/${name}`, into);
}

/** Reads the repository that this script belongs to and checks it. */
export async function checkRepository(): Promise<{ files: number; findings: Finding[] }> {
  const root = new URL("../", import.meta.url);
  const files = new Map<string, string>();
  for (const path of ROOTS) await readTree(root, path, files);
  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  return { files: files.size, findings: check(files, Object.keys(config.imports)) };
}

if (import.meta.main) {
  const { files, findings } = await checkRepository();
  for (const { path, line, message } of findings) console.log(`${path}:${line}: ${message}`);
  console.log(`${files} files, ${findings.length} broken arrows`);
  if (findings.length > 0) Deno.exit(1);
}
