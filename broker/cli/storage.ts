import { command } from "./command.ts";
export const storageCommand = command({
  name: "storage",
  summary: "",
  usage: "",
  examples: [],
  flags: {},
  run: () => Promise.resolve(0),
});
