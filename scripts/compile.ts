/**
 * `deno task compile`: one executable with every subcommand, its assets and Workers inside.
 *
 *     deno task compile                           dist/kafkats for this machine
 *     deno task compile --target T                dist/kafkats-T; T as TARGETS names them, may come again
 *     deno task compile --all                     every target
 *     deno task compile --test-runtime            with the runtime that tests/tools/denort makes out of a
 *                                                 package: for tests where Deno's own can't be downloaded
 *
 * Deno takes the runtime that it embeds from its download host, or from the file that DENORT_BIN names.
 */
import { parseArgs } from "@std/cli/parse-args";
import about from "../deno.json" with { type: "json" };

/** What the executable runs on, by Deno's names. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
] as const;

/** Modules that are started by name and not imported: Workers. */
export const WORKERS = ["broker/cli/up/service_worker.ts"] as const;

/** Files of the documentation page, which `registry/http/docs.ts` reads. */
const DOCS_ASSETS = ["swagger-ui-bundle.js", "swagger-ui.css"] as const;

const ROOT = new URL("../", import.meta.url);
const BUILD = new URL("dist/build/", ROOT);

interface ModuleGraph {
  readonly modules: readonly { readonly specifier: string; readonly npmPackage?: string }[];
}

async function graphOf(entry: string): Promise<ModuleGraph> {
  const text = await outputOf(["info", "--json", new URL(entry, ROOT).pathname]);
  return JSON.parse(text) as ModuleGraph;
}

async function outputOf(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/**
 * The specifiers of deno.json that the program imports. Deno embeds every package that the import map
 * names, so the map that it is given holds no more than these.
 */
async function runtimeImports(): Promise<Record<string, string>> {
  const reached = new Set<string>();
  for (const entry of ["main.ts", ...WORKERS]) {
    for (const { specifier, npmPackage } of (await graphOf(entry)).modules) {
      reached.add(npmPackage === undefined ? specifier : specifier.replace(/^npm:\/?/, ""));
    }
  }
  const isReached = (target: string) =>
    target.startsWith("npm:")
      ? [...reached].some((name) => name.startsWith(target.replace(/^npm:\/?/, "")))
      : reached.has(new URL(target, ROOT).href);
  const kept = Object.entries(about.imports).filter(([, target]) => isReached(target));
  return Object.fromEntries(kept.map(([name, target]) => [
    name,
    target.startsWith("./") ? `../../${target.slice(2)}` : target,
  ]));
}

/** A lock file of version 5, as far as it is looked at here. */
export interface Lock {
  readonly version: string;
  /** Versions by what asks for them: `npm:hono@4.13.19`. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** By name, version and peers. */
  readonly npm: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  readonly dependencies?: readonly string[];
  readonly optionalDependencies?: readonly string[];
}

/** The part of a lock that `imports` reach: what a lock names beside that would be embedded too. */
export function prunedLock(lock: Lock, imports: readonly string[]): Lock {
  const asked = Object.entries(lock.specifiers).filter(([specifier]) =>
    imports.some((target) => target.replace("npm:/", "npm:").startsWith(specifier))
  );
  const keys = Object.keys(lock.npm);
  // A dependency is named without its version where the lock has one version of it.
  const find = (name: string) =>
    lock.npm[name] ? name : keys.find((key) => key.startsWith(`${name}@`));
  const reached = new Set<string>();
  const waiting = asked.map(([specifier, version]) => {
    const name = specifier.slice("npm:".length);
    return `${name.slice(0, name.lastIndexOf("@"))}@${version}`;
  });
  while (waiting.length > 0) {
    const key = find(waiting.pop()!);
    if (key === undefined || reached.has(key)) continue;
    reached.add(key);
    const { dependencies = [], optionalDependencies = [] } = lock.npm[key]!;
    waiting.push(...dependencies, ...optionalDependencies);
  }
  return {
    version: lock.version,
    specifiers: Object.fromEntries(asked),
    npm: Object.fromEntries(Object.entries(lock.npm).filter(([key]) => reached.has(key))),
  };
}

/** The short name of the commit that the files are of, with `-changed` when they are not quite. */
async function commitName(): Promise<string> {
  async function git(args: string[]): Promise<string> {
    const { code, stdout } = await new Deno.Command("git", { args, cwd: ROOT }).output();
    return code === 0 ? new TextDecoder().decode(stdout).trim() : "";
  }
  try {
    const commit = await git(["rev-parse", "--short=12", "HEAD"]);
    const changes = await git(["status", "--porcelain", "--untracked-files=no"]);
    return commit === "" ? "unknown" : changes === "" ? commit : `${commit}-changed`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unknown";
    throw error;
  }
}

/** Writes what the compiler is given beside the program: its import map and the stamp. */
export async function prepareBuild(): Promise<void> {
  await Deno.mkdir(BUILD, { recursive: true });
  const imports = await runtimeImports();
  const config = {
    nodeModulesDir: "none",
    imports,
    compilerOptions: about.compilerOptions,
  };
  await Deno.writeTextFile(new URL("deno.json", BUILD), JSON.stringify(config, null, 2));
  const lock = JSON.parse(await Deno.readTextFile(new URL("deno.lock", ROOT))) as Lock;
  const pruned = prunedLock(lock, Object.values(imports));
  await Deno.writeTextFile(new URL("deno.lock", BUILD), JSON.stringify(pruned, null, 2));
  await Deno.mkdir(new URL("swagger-ui/", BUILD), { recursive: true });
  for (const name of DOCS_ASSETS) {
    const from = new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
    await Deno.copyFile(from, new URL(`swagger-ui/${name}`, BUILD));
  }
  const stamp = { version: about.version, commit: await commitName() };
  await Deno.writeTextFile(new URL("stamp.json", BUILD), `${JSON.stringify(stamp)}\n`);
}

/** Compiles for a target, or for this machine; gives the executable's path. */
export async function compile(target: string | null, testRuntime: boolean): Promise<string> {
  const name = target === null ? "dist/kafkats" : `dist/kafkats-${target}`;
  const output = target?.includes("windows") ? `${name}.exe` : name;
  const args = [
    "compile",
    "--allow-all",
    "--no-check",
    "--config",
    "dist/build/deno.json",
    "--lock",
    "dist/build/deno.lock",
    ...WORKERS.flatMap((worker) => ["--include", worker]),
    "--include",
    "dist/build/stamp.json",
    "--include",
    "dist/build/swagger-ui",
    "--output",
    output,
    ...(target === null ? [] : ["--target", target]),
    "main.ts",
  ];
  const [program, ...rest] = testRuntime
    ? [new URL("tests/tools/denort", ROOT).pathname, ...args]
    : [Deno.execPath(), ...args];
  const { code } = await new Deno.Command(program!, {
    args: rest,
    cwd: ROOT,
    env: { DENO_NO_UPDATE_CHECK: "1" },
  }).spawn().status;
  if (code !== 0) {
    throw new Error(
      testRuntime
        ? `Cannot compile ${output}`
        : `Cannot compile ${output}: where Deno's download host is out of reach, DENORT_BIN names a runtime`,
    );
  }
  return output;
}

/** Reads the flags of this command and of release.ts; says what is wrong and ends with 2 when one is unknown. */
export function compileFlags(args: string[]): { targets: string[]; testRuntime: boolean } {
  function misused(why: string): never {
    console.error(why);
    Deno.exit(2);
  }
  const flags = parseArgs(args, {
    boolean: ["all", "test-runtime"],
    string: ["target"],
    collect: ["target"],
    unknown: (argument: string) =>
      misused(`Unknown argument ${argument}; known: --target T, --all, --test-runtime`),
  });
  const named = flags.target as string[];
  const unknown = named.find((target) => !(TARGETS as readonly string[]).includes(target));
  if (unknown !== undefined) misused(`Unknown target ${unknown}; known: ${TARGETS.join(", ")}`);
  return {
    targets: flags.all === true ? [...TARGETS] : named,
    testRuntime: flags["test-runtime"] === true,
  };
}

if (import.meta.main) {
  const { targets, testRuntime } = compileFlags(Deno.args);
  await prepareBuild();
  try {
    for (const target of targets.length > 0 ? targets : [null]) {
      const path = await compile(target, testRuntime);
      const { size } = await Deno.stat(new URL(path, ROOT));
      console.log(`${path} (${(size / 1e6).toFixed(1)} MB)`);
    }
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
