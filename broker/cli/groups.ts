import { command } from "./command.ts";
export const groupsCommand = command({
  name: "groups",
  summary: "",
  usage: "",
  examples: [],
  flags: {},
  run: () => Promise.resolve(0),
});
