import { type Decision, recordsFor, type StoreCore } from "./core.ts";
import { schemaValueText } from "./record_value.ts";

/** What one decision mends, so that it fits in a batch of records. */
const REPAIRS_MAX = 100;

/**
 * What makes the topic say what the state says where a record was refused: the schema that has the version, or
 * that nothing has it. Decided from the state as it is now, for what was refused may have been registered properly
 * since. The result is how many versions are mended.
 */
export function decideRepair(core: StoreCore): Decision<number> {
  const { state } = core;
  const chosen = [...state.unsettled.values()].slice(0, REPAIRS_MAX);
  const records = chosen.flatMap(({ subject, version }) => {
    const entry = state.entry(subject, version);
    const value = entry === null ? null : schemaValueText(subject, version, entry);
    return recordsFor(core, { kind: "SCHEMA", subject, version }, value)
      .map((record) => ({ ...record, condition: "repair" as const }));
  });
  return { records, result: chosen.length };
}
