/**
 * Installs what foreign clients need, once, into a cache folder: a Python environment, Apache
 * Kafka's jars, Debian's kcat. Each function resolves to why that can't be had here, or null.
 */

/** The cache folder: `KAFKATS_TEST_CACHE`, or `kafkats-tests` in the user's cache folder. */
export function cacheDirectory(): string {
  const { KAFKATS_TEST_CACHE, XDG_CACHE_HOME, HOME, TMPDIR } = Deno.env.toObject();
  if (KAFKATS_TEST_CACHE) return KAFKATS_TEST_CACHE;
  const parent = XDG_CACHE_HOME ?? (HOME ? `${HOME}/.cache` : TMPDIR ?? "/tmp");
  return `${parent}/kafkats-tests`;
}

/** The Python of the environment that {@linkcode preparePython} makes. */
export function pythonPath(): string {
  return `${cacheDirectory()}/python/bin/python`;
}

/** The `kafka` script of tests/tools. */
export const kafkaTool: string = new URL("../tools/kafka", import.meta.url).pathname;

interface Outcome {
  readonly code: number;
  readonly text: string;
}

async function attempt(command: string, args: readonly string[]): Promise<Outcome> {
  try {
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      stdout: "piped",
      stderr: "piped",
      env: { DEBIAN_FRONTEND: "noninteractive" },
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    return { code, text };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { code: 127, text: `${command} is not installed` };
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}

let packageListFresh = false;

/** Installs Debian packages where that is possible (root on a Debian system). */
async function installDebian(packages: readonly string[]): Promise<string | null> {
  const wanted = packages.join(", ");
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
    return `${wanted} can be installed by root only`;
  }
  const install = ["install", "-y", "--no-install-recommends", ...packages];
  let outcome = await attempt("apt-get", install);
  if (outcome.code !== 0 && outcome.code !== 127 && !packageListFresh) {
    await attempt("apt-get", ["update"]);
    packageListFresh = true;
    outcome = await attempt("apt-get", install);
  }
  return outcome.code === 0 ? null : `cannot install ${wanted}: ${lastLine(outcome.text)}`;
}

/** Makes sure that `command` runs, from the Debian packages when it is missing. */
async function prepareCommand(
  command: string,
  versionFlag: string,
  packages: readonly string[],
): Promise<string | null> {
  if ((await attempt(command, [versionFlag])).code === 0) return null;
  const why = await installDebian(packages);
  if (why !== null) return `${command} is missing and ${why}`;
  return (await attempt(command, [versionFlag])).code === 0 ? null : `${command} does not run`;
}

/** Makes sure of kcat. */
export function prepareKcat(): Promise<string | null> {
  return prepareCommand("kcat", "-V", ["kcat"]);
}

/** Makes sure of wrk, which puts load on HTTP services. */
export async function prepareWrk(): Promise<string | null> {
  // It knows no flag that tells its version and ends well.
  if ((await attempt("sh", ["-c", "command -v wrk"])).code === 0) return null;
  return await installDebian(["wrk"]);
}

const once = new Map<string, Promise<string | null>>();

function doOnce(name: string, prepare: () => Promise<string | null>): Promise<string | null> {
  const known = once.get(name);
  if (known) return known;
  const started = prepare();
  once.set(name, started);
  return started;
}

/** Makes sure of a Python environment with the packages of requirements.txt. */
export function preparePython(): Promise<string | null> {
  return doOnce("python", async () => {
    const requirements = new URL("requirements.txt", import.meta.url).pathname;
    const wanted = await Deno.readTextFile(requirements);
    const directory = `${cacheDirectory()}/python`, stamp = `${directory}/requirements.txt`;
    const have = await Deno.readTextFile(stamp).catch(() => "");
    if (have === wanted && (await attempt(pythonPath(), ["--version"])).code === 0) return null;
    const missing = await prepareCommand("python3", "--version", ["python3"]);
    if (missing !== null) return missing;
    await Deno.mkdir(directory, { recursive: true });
    let made = await attempt("python3", ["-m", "venv", "--clear", directory]);
    if (made.code !== 0) {
      const why = await installDebian(["python3-venv"]);
      if (why !== null) return why;
      made = await attempt("python3", ["-m", "venv", "--clear", directory]);
    }
    if (made.code !== 0) return `cannot make a Python environment: ${lastLine(made.text)}`;
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    const installed = await attempt(pythonPath(), [...pip, "-r", requirements]);
    if (installed.code !== 0) return `cannot install from PyPI: ${lastLine(installed.text)}`;
    await Deno.writeTextFile(stamp, wanted);
    return null;
  });
}

/** Makes sure of Java and of Apache Kafka's jars. */
export function prepareJava(): Promise<string | null> {
  return doOnce("java", async () => {
    const java = await prepareCommand("java", "-version", ["openjdk-17-jre-headless"]);
    if (java !== null) return java;
    const jars = ["broker", "tools"].map((name) => `${cacheDirectory()}/jars-${name}/.pom`);
    const pom = await Deno.readTextFile(new URL("../tools/pom.xml", import.meta.url));
    const have = await Promise.all(jars.map((path) => Deno.readTextFile(path).catch(() => "")));
    if (have.every((text) => text === pom)) return null;
    const maven = await prepareCommand("mvn", "--version", ["maven"]);
    if (maven !== null) return maven;
    const fetched = await attempt(kafkaTool, ["fetch"]);
    return fetched.code === 0 ? null : lastLine(fetched.text);
  });
}

/**
 * Makes sure of npm packages (`name@version`) in a cache folder of that name, with what they need but without
 * running their install scripts.
 */
export function prepareNpm(folder: string, packages: readonly string[]): Promise<string | null> {
  return doOnce(`npm ${folder}`, async () => {
    const directory = npmFolder(folder), stamp = `${directory}/installed`;
    const wanted = packages.join("\n");
    if (await Deno.readTextFile(stamp).catch(() => "") === wanted) return null;
    if ((await attempt("node", ["--version"])).code !== 0) return "node is not installed";
    await Deno.mkdir(directory, { recursive: true });
    const flags = ["--silent", "--ignore-scripts", "--no-fund", "--no-audit", "--no-save"];
    const at = `--prefix=${directory}`;
    const installed = await attempt("npm", ["install", at, ...flags, ...packages]);
    if (installed.code !== 0) return `cannot install from npm: ${lastLine(installed.text)}`;
    await Deno.writeTextFile(stamp, wanted);
    return null;
  });
}

/** The folder that {@linkcode prepareNpm} fills. */
export function npmFolder(folder: string): string {
  return `${cacheDirectory()}/npm/${folder}`;
}

/**
 * The file `path` of an npm package, unpacked into the cache; throws with npm's own word when it
 * can't be had.
 */
export async function npmFile(name: string, version: string, path: string): Promise<string> {
  const directory = `${cacheDirectory()}/npm/${name}-${version}`;
  const file = `${directory}/package/${path}`;
  if (await Deno.stat(file).catch(() => null)) return file;
  await Deno.mkdir(directory, { recursive: true });
  const packed = await attempt("npm", [
    "pack",
    "--silent",
    `--pack-destination=${directory}`,
    `${name}@${version}`,
  ]);
  if (packed.code !== 0) throw new Error(`Cannot get ${name}@${version}: ${lastLine(packed.text)}`);
  const archive = `${directory}/${lastLine(packed.text)}`;
  const unpacked = await attempt("tar", ["xzf", archive, "-C", directory]);
  if (unpacked.code !== 0) throw new Error(`Cannot unpack ${archive}: ${lastLine(unpacked.text)}`);
  return file;
}
