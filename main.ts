/**
 * The one executable: picks a subcommand and runs it. Alone here are the program's arguments read,
 * its signals heard and its exit code set.
 */
import { run } from "./broker/cli/mod.ts";

Deno.exit(await run(Deno.args));
