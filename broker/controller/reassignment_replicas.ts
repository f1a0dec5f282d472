import type { PartitionImage } from "../metadata/mod.ts";

/** What a reassignment makes of a partition's replicas while it is under way. */
export interface Reassignment {
  /** The target, followed by those that are leaving. */
  readonly replicas: number[];
  readonly adding: number[];
  readonly removing: number[];
}

/** The way from `current` to `target` replicas (KIP-455). */
export function planReassignment(
  current: readonly number[],
  target: readonly number[],
): Reassignment {
  const removing = current.filter((id) => !target.includes(id)).sort((a, b) => a - b);
  const adding = target.filter((id) => !current.includes(id)).sort((a, b) => a - b);
  return { replicas: [...target, ...removing], adding, removing };
}

/** The end of a reassignment, if `isr` allows it: every replica that stays must be in sync. */
export function completeReassignment(
  { replicas, adding, removing }: Reassignment,
  isr: readonly number[],
): { replicas: number[]; isr: number[] } | null {
  if (adding.length === 0 && removing.length === 0) return null;
  const staying = replicas.filter((id) => !removing.includes(id));
  const inSync = isr.filter((id) => !removing.includes(id));
  if (staying.length === 0 || inSync.length === 0) return null;
  return staying.every((id) => inSync.includes(id)) ? { replicas: staying, isr: inSync } : null;
}

/**
 * The partition as it was before a reassignment that is cancelled. Where only newcomers are in sync,
 * the first old replica has to stand for the ISR, which may lose records: `isUnclean`.
 */
export function revertReassignment(
  partition: PartitionImage,
): { replicas: number[]; isr: number[]; isUnclean: boolean } {
  const isOld = (id: number) => !partition.addingReplicas.includes(id);
  const replicas = partition.replicas.filter(isOld);
  const isr = partition.isr.filter(isOld);
  if (isr.length > 0) return { replicas, isr, isUnclean: false };
  return { replicas, isr: replicas.slice(0, 1), isUnclean: true };
}
