import { command } from "./command.ts";
export const produceCommand = command({
  name: "produce",
  summary: "",
  usage: "",
  examples: [],
  flags: {},
  run: () => Promise.resolve(0),
});
