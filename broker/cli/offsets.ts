import { command } from "./command.ts";
export const offsetsCommand = command({
  name: "offsets",
  summary: "",
  usage: "",
  examples: [],
  flags: {},
  run: () => Promise.resolve(0),
});
