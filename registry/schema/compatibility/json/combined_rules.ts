import type { Check } from "./check.ts";
import type { CombinedShape, Member, Shape } from "./shape.ts";

/** Most pairs of members that are all asked about. */
const TABLE_MAX = 250_000;

/** A finding that another way to read the pair may still dismiss. */
interface Fault {
  readonly errorType: string;
  readonly description: string;
}

/** Rules where at least one side is made of others by `allOf`, `anyOf` or `oneOf`. */
export function combinedRules(check: Check): void {
  const { writer, reader } = check;
  const fault = writer.kind !== "combined"
    ? intoCombined(check, writer, reader as CombinedShape)
    : reader.kind !== "combined"
    ? outOfCombined(check, writer, reader)
    : betweenCombined(check, writer, reader);
  if (fault === null) return;
  check.found(fault.errorType, "", fault.description);
  const isPairing = fault.errorType === "COMBINED_TYPE_SUBSCHEMAS_CHANGED";
  if (isPairing && writer.kind === "combined" && reader.kind === "combined") {
    detail(check, writer, reader);
  }
}

/** A choice reads what one of its members reads. */
function intoCombined(check: Check, writer: Shape, reader: CombinedShape): Fault | null {
  const isRead = reader.members.some((member) => check.acceptsShapes(writer, member.shape()));
  if (reader.criterion !== "allOf") {
    return isRead ? null : {
      errorType: "TYPE_CHANGED",
      description: `no schema of the reader's ${reader.criterion} reads the writer's`,
    };
  }
  return {
    errorType: isRead ? "PRODUCT_TYPE_EXTENDED" : "TYPE_CHANGED",
    description: "the reader demands several schemas at once, the writer fits one",
  };
}

/** What fits all members is read where one of them is. */
function outOfCombined(check: Check, writer: CombinedShape, reader: Shape): Fault | null {
  const isRead = writer.members.some((member) => check.acceptsShapes(member.shape(), reader));
  if (writer.criterion === "allOf") {
    return isRead ? null : {
      errorType: "TYPE_CHANGED",
      description: "none of the schemas that the writer fits at once is read by the reader",
    };
  }
  return {
    errorType: isRead ? "SUM_TYPE_NARROWED" : "TYPE_CHANGED",
    description: `the writer has a choice (${writer.criterion}), the reader one schema`,
  };
}

function betweenCombined(
  check: Check,
  writer: CombinedShape,
  reader: CombinedShape,
): Fault | null {
  const fault = matchMembers(check, writer, reader);
  return fault === null || isReadAsWhole(check, writer, reader) ? null : fault;
}

/** The rules proper: a like criterion or `anyOf`, a number that moves the right way, members that pair. */
function matchMembers(
  check: Check,
  writer: CombinedShape,
  reader: CombinedShape,
): Fault | null {
  const from = writer.criterion, to = reader.criterion;
  if (from !== to && to !== "anyOf") {
    return {
      errorType: "COMBINED_TYPE_CHANGED",
      description: `the writer's schemas are joined by ${from}, the reader's by ${to}`,
    };
  }
  const counts = `the writer has ${writer.members.length}, the reader ${reader.members.length}`;
  const added = reader.members.length - writer.members.length;
  if (to === "allOf" && added > 0) {
    return { errorType: "PRODUCT_TYPE_EXTENDED", description: `schemas of allOf: ${counts}` };
  }
  if (from !== "allOf" && added < 0) {
    return { errorType: "SUM_TYPE_NARROWED", description: `schemas of ${to}: ${counts}` };
  }
  if (canPair(check, writer.members, reader.members)) return null;
  return {
    errorType: "COMBINED_TYPE_SUBSCHEMAS_CHANGED",
    description: `the schemas of the writer's ${from} don't pair with those of the reader's ${to}`,
  };
}

/** One member of a choice may read all of the writer; the reader may read one of what the writer fits at once. */
function isReadAsWhole(check: Check, writer: CombinedShape, reader: CombinedShape): boolean {
  if (
    reader.criterion !== "allOf" &&
    reader.members.some((member) => check.acceptsShapes(writer, member.shape()))
  ) return true;
  return writer.criterion === "allOf" &&
    writer.members.some((member) => check.acceptsShapes(member.shape(), reader));
}

/** Names what keeps members of the same place apart. */
function detail(check: Check, writer: CombinedShape, reader: CombinedShape): void {
  if (writer.members.length !== reader.members.length) return;
  for (const [i, member] of reader.members.entries()) {
    const other = writer.members[i];
    if (other !== undefined) check.compareShapes(other.shape(), member.shape(), member.path);
  }
}

/** Whether each member of the shorter list has a partner of its own in the longer: a bipartite matching. */
function canPair(check: Check, writers: readonly Member[], readers: readonly Member[]): boolean {
  const isWriterShorter = writers.length <= readers.length;
  const short = isWriterShorter ? writers : readers;
  const long = isWriterShorter ? readers : writers;
  const accepts = (s: Member, l: Member) =>
    isWriterShorter
      ? check.acceptsShapes(s.shape(), l.shape())
      : check.acceptsShapes(l.shape(), s.shape());
  return pairAll(short, long, accepts);
}

function pairAll<T>(
  short: readonly T[],
  long: readonly T[],
  accepts: (short: T, long: T) => boolean,
): boolean {
  /** By index in the long list: index of its partner. */
  const partners = new Array<number>(long.length).fill(-1);
  const unpaired: number[] = [];
  for (const [i, one] of short.entries()) {
    const other = long[i];
    if (other !== undefined && accepts(one, other)) partners[i] = i;
    else unpaired.push(i);
  }
  if (unpaired.length === 0) return true;
  const isPartner = short.length * long.length <= TABLE_MAX
    ? tabulated(short, long, accepts)
    : accepts;
  return unpaired.every((start) => augment(start, partners, short, long, isPartner));
}

/**
 * Asks about all pairs of members at once, so that all are decided when these are looked at again: one by
 * one, each refusal would have them looked at again.
 */
function tabulated<T>(
  short: readonly T[],
  long: readonly T[],
  accepts: (short: T, long: T) => boolean,
): (short: T, long: T) => boolean {
  const rows = new Map(
    short.map((one) => [one, new Set(long.filter((other) => accepts(one, other)))]),
  );
  return (one, other) => rows.get(one)?.has(other) ?? false;
}

/** Finds a partner for one member by moving others, breadth first along alternating paths. */
function augment<T>(
  start: number,
  partners: number[],
  short: readonly T[],
  long: readonly T[],
  accepts: (short: T, long: T) => boolean,
): boolean {
  /** By index in the long list: the short one that it was reached from. */
  const reachedFrom = new Map<number, number>();
  const open = [start];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    const one = short[at];
    for (const [j, other] of long.entries()) {
      if (one === undefined || reachedFrom.has(j) || !accepts(one, other)) continue;
      reachedFrom.set(j, at);
      const partner = partners[j] ?? -1;
      if (partner >= 0) open.push(partner);
      else {
        rematch(j, start, partners, reachedFrom);
        return true;
      }
    }
  }
  return false;
}

/** Walks the path back to its start, giving each member the partner it reached. */
function rematch(
  end: number,
  start: number,
  partners: number[],
  reachedFrom: ReadonlyMap<number, number>,
): void {
  let free = end;
  for (;;) {
    const member = reachedFrom.get(free) ?? start;
    const previous = partners.indexOf(member);
    partners[free] = member;
    if (member === start) return;
    free = previous;
  }
}
