// H9 is writing this file right now; see COORDINATION.md.
import { command } from "./command.ts";

/** `kafkats groups`. */
export const groupsCommand = command({
  name: "groups",
  summary: "List and describe consumer groups, reset their offsets, delete them.",
  usage: "",
  examples: [],
  flags: {},
  run: () => Promise.resolve(1),
});
