import { command } from "./command.ts";
export const consumeCommand = command({
  name: "consume",
  summary: "",
  usage: "",
  examples: [],
  flags: {},
  run: () => Promise.resolve(0),
});
