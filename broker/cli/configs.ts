import { command } from "./command.ts";
export const configsCommand = command({
  name: "configs",
  summary: "",
  usage: "",
  examples: [],
  flags: {},
  run: () => Promise.resolve(0),
});
