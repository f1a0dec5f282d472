// H9 is writing this file right now; see COORDINATION.md.
import { command } from "./command.ts";

/** `kafkats consume`. */
export const consumeCommand = command({
  name: "consume",
  summary: "List and describe consumer groups, reset their offsets, delete them.",
  usage: "",
  examples: [],
  flags: {},
  run: () => Promise.resolve(1),
});
