/**
 * `deno task test [FILTER]`: every test of the repository, those that span rooms too (recorded wire
 * conversations, scenarios). Needs nothing but the packages that Deno fetches. A filter is part of a
 * test's name.
 */
import { run, Tally, testCounts } from "./steps.ts";

// `deno test` takes this file for one of its own by its name; then it does nothing.
if (import.meta.main) {
  const filter = Deno.args[0] === undefined ? [] : ["--filter", Deno.args[0]];
  const result = await run(["test", "--allow-all", "--permit-no-files", ...filter], { echo: true });
  const tally = new Tally();
  tally.add("tests", testCounts(result));
  tally.finish();
}
