/**
 * `deno task release [--target T]... [--test-runtime]`: what is put up for download, in dist/release: for each
 * target an archive of the executable, README, LICENSE and service files, and SHA256SUMS over all of them.
 *
 * Without `--target` every target is made. Executables come from scripts/compile.ts and are made anew.
 */
import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import about from "../deno.json" with { type: "json" };
import { compile, compileFlags, prepareBuild, TARGETS } from "./compile.ts";

const ROOT = new URL("../", import.meta.url);
const RELEASE = new URL("dist/release/", ROOT);
const BESIDE = [
  "README.md",
  "LICENSE",
  "scripts/release/kafkats.service",
  "scripts/release/Containerfile",
];
/** Readable, and executable where it must be, in the high half of a zip entry's attributes. */
const UNIX_MODE = 0o755 << 16;

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** `.zip` for Windows, whose users expect one. */
async function zip(name: string, executable: string): Promise<string> {
  const files: Record<string, [Uint8Array, { attrs: number; os: number }]> = {};
  const unix = { attrs: UNIX_MODE, os: 3 };
  files[`${name}/kafkats.exe`] = [await Deno.readFile(new URL(executable, ROOT)), unix];
  for (const path of BESIDE) {
    files[`${name}/${nameOf(path)}`] = [
      strToU8(await Deno.readTextFile(new URL(path, ROOT))),
      unix,
    ];
  }
  await Deno.writeFile(new URL(`${name}.zip`, RELEASE), zipSync(files, { level: 6 }));
  return `${name}.zip`;
}

/** `.tar.gz` for everyone else. */
async function tar(name: string, executable: string): Promise<string> {
  const folder = new URL(`${name}/`, RELEASE);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.copyFile(new URL(executable, ROOT), new URL("kafkats", folder));
  await Deno.chmod(new URL("kafkats", folder), 0o755);
  for (const path of BESIDE) {
    await Deno.copyFile(new URL(path, ROOT), new URL(nameOf(path), folder));
  }
  const { code } = await new Deno.Command("tar", {
    args: ["-czf", `${name}.tar.gz`, name],
    cwd: RELEASE,
  }).spawn().status;
  if (code !== 0) throw new Error(`tar can't make ${name}.tar.gz`);
  await Deno.remove(folder, { recursive: true });
  return `${name}.tar.gz`;
}

const flags = compileFlags(Deno.args);
const targets = flags.targets.length > 0 ? flags.targets : TARGETS;
await prepareBuild();
await Deno.mkdir(RELEASE, { recursive: true });
const sums: string[] = [];
try {
  for (const target of targets) {
    const executable = await compile(target, flags.testRuntime);
    const name = `kafkats-${about.version}-${target}`;
    const archive = await (target.includes("windows") ? zip : tar)(name, executable);
    const digest = createHash("sha256").update(await Deno.readFile(new URL(archive, RELEASE)));
    sums.push(`${digest.digest("hex")}  ${archive}\n`);
    console.log(`dist/release/${archive}`);
  }
} catch (error) {
  console.error((error as Error).message);
  Deno.exit(1);
}
await Deno.writeTextFile(new URL("SHA256SUMS", RELEASE), sums.join(""));
console.log("dist/release/SHA256SUMS");
