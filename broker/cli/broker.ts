import { command } from "./command.ts";
export const brokerCommand = command({
  name: "broker",
  summary: "",
  usage: "",
  examples: [],
  flags: {},
  run: () => Promise.resolve(0),
});
