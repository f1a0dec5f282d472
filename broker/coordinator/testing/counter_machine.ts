import type {
  Outcome,
  RecordFormat,
  RecordOrigin,
  ShardContext,
  StateMachine,
} from "../state_machine.ts";
import { TimelineMap } from "../timeline.ts";

/** Sets a counter. */
export interface CounterRecord {
  readonly name: string;
  readonly value: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Counter records as text; the name `?` is a type that nobody knows. */
export const counterFormat: RecordFormat<CounterRecord> = {
  encode: ({ name, value }) => ({
    key: encoder.encode(name),
    value: encoder.encode(String(value)),
  }),
  decode(key, value) {
    const name = decoder.decode(key!);
    return name === "?" ? null : { name, value: Number(decoder.decode(value!)) };
  },
};

/** For tests of the runtime: the smallest coordinator, which counts. */
export class CounterMachine implements StateMachine<CounterRecord> {
  readonly counters: TimelineMap<string, number>;
  readonly context: ShardContext<CounterRecord>;
  /** What happened, in order. */
  readonly events: string[] = [];

  constructor(context: ShardContext<CounterRecord>) {
    this.context = context;
    this.counters = new TimelineMap(context.timeline);
  }

  /** Adds one and answers with the sum. */
  increment(name: string): Outcome<CounterRecord, number> {
    const value = (this.counters.get(name) ?? 0) + 1;
    return {
      records: [{ name, value }],
      response: value,
      isAtomic: true,
      onSettled: (errorCode) => this.events.push(`${name}=${value} settled ${errorCode}`),
    };
  }

  replay({ name, value }: CounterRecord, { offset }: RecordOrigin): void {
    if (name === "bug") throw new Error("A bug, for the test");
    this.counters.set(name, value);
    this.events.push(`${name}=${value} at ${offset}`);
  }

  endTransaction({ producerId }: RecordOrigin, isCommitted: boolean): void {
    this.events.push(`producer ${producerId} ${isCommitted ? "commits" : "aborts"}`);
  }

  onLoaded(): void {
    this.events.push("loaded");
  }

  onUnloaded(): void {
    this.events.push("unloaded");
  }
}
