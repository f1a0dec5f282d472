/**
 * `deno task ok`: what must hold before every push. Formatting, lint (with our own rules), types of
 * everything, import arrows, unit tests: one line a step with its time; all steps run, and what
 * failed is told in full and named at the end.
 */
import { checkRepository } from "./check_imports.ts";
import { run, Tally, testCounts } from "./steps.ts";

const tally = new Tally();

async function timed<T>(name: string, step: () => Promise<T>): Promise<{ name: string; value: T }> {
  const started = performance.now();
  const value = await step();
  return { name: `${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`, value };
}

/** One step that is a `deno` command: its output shows only when it fails. */
async function command(name: string, args: readonly string[]): Promise<void> {
  const { name: shown, value } = await timed(name, () => run(args));
  tally.check(shown, { passed: value.code === 0, details: value.text.trimEnd().split("\n") });
}

await command("fmt", ["fmt", "--check", "--quiet"]);
await command("lint", ["lint", "--quiet"]);
await command("check", ["check", "--quiet", "."]);

const arrows = await timed("imports", checkRepository);
tally.check(arrows.name, {
  passed: arrows.value.findings.length === 0,
  details: arrows.value.findings.map(({ path, line, message }) => `${path}:${line}: ${message}`),
});

const ROOMS = ["broker", "registry", "connect", "scripts"];
const existing = ROOMS.filter((room) => {
  try {
    return Deno.statSync(new URL(`../${room}`, import.meta.url)).isDirectory;
  } catch {
    return false; // A room that is not built yet.
  }
});
const TEST = [
  "test",
  "--allow-all",
  "--no-check",
  "--parallel",
  "--reporter=dot",
  "--permit-no-files",
];
const unit = await timed("unit tests", () => run([...TEST, ...existing]));
const counts = testCounts(unit.value);
tally.add("unit tests", counts);
console.log(`${counts.failed === 0 ? "ok  " : "FAIL"} ${unit.name}: ${counts.passed} passed`);
if (counts.failed > 0) console.log(unit.value.text);

tally.finish();
