/** Up to here a loop is faster than a call into the engine (measured: 32 to 96 are about alike). */
const BY_HAND_MAX = 64;

/** Copies `count` bytes from one array to another and returns the position behind them. */
export function copyBytes(
  from: Uint8Array,
  at: number,
  to: Uint8Array,
  position: number,
  count: number,
): number {
  if (count > BY_HAND_MAX) {
    to.set(from.subarray(at, at + count), position);
    return position + count;
  }
  const stop = at + count;
  let target = position;
  for (let source = at; source < stop;) to[target++] = from[source++]!;
  return target;
}

/**
 * Repeats `length` bytes from `distance` bytes back, which may overlap what is being written, and
 * returns the position behind them.
 */
export function copyMatch(
  target: Uint8Array,
  to: number,
  distance: number,
  length: number,
): number {
  const end = to + length;
  let from = to - distance;
  let at = to;
  if (length <= BY_HAND_MAX) {
    while (at < end) target[at++] = target[from++]!;
    return end;
  }
  // What is there doubles with each step, so that a run of one byte takes few of them.
  while (at < end) {
    const count = Math.min(at - from, end - at);
    target.copyWithin(at, from, from + count);
    at += count;
  }
  return end;
}
