import { HttpError, shown } from "./http_error.ts";

interface Range {
  readonly type: string;
  readonly quality: number;
}

/** Headers seen lately and what they came to; clients send the same few again and again. */
const KNOWN_MAX = 256;
const known = new Map<string, readonly Range[]>();

function rangesOf(accept: string): readonly Range[] {
  const seen = known.get(accept);
  if (seen !== undefined) return seen;
  const ranges = accept.split(",").flatMap((part) => {
    const [type = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    if (type === "") return [];
    const q = parameters.find((text) => text.startsWith("q="));
    const quality = q === undefined ? 1 : Number(q.slice(2));
    return [{ type, quality: quality >= 0 && quality <= 1 ? quality : 0 }];
  });
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(accept, ranges);
  return ranges;
}

/** How much a client wants a type: its most specific range decides (RFC 9110, 12.5.1). */
function qualityOf(ranges: readonly Range[], type: string): number {
  const family = `${type.slice(0, type.indexOf("/"))}/*`;
  for (const wanted of [type, family, "*/*"]) {
    const range = ranges.find((candidate) => candidate.type === wanted);
    if (range !== undefined) return range.quality;
  }
  return 0;
}

/**
 * The type of the answer: of those offered the one that `Accept` wants most, the first of equals; the first
 * of all when nothing is said. Throws 406 naming what is offered.
 */
export function negotiate<T extends string>(accept: string | null, offered: readonly T[]): T {
  const first = offered[0]!;
  if (accept === null || accept === "" || accept === "*/*" || accept === first) return first;
  const ranges = rangesOf(accept);
  let best: T | null = null, bestQuality = 0;
  for (const type of offered) {
    const quality = qualityOf(ranges, type);
    if (quality > bestQuality) [best, bestQuality] = [type, quality];
  }
  if (best !== null) return best;
  throw new HttpError(406, 406, `Accept is ${shown(accept)}; offered: ${offered.join(", ")}`);
}

/** The media type of a Content-Type header without its parameters, in lower case; null when there is none. */
export function mediaType(contentType: string | null): string | null {
  if (contentType === null) return null;
  const end = contentType.indexOf(";");
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** Throws 415 unless the Content-Type is one of these, or there is none. */
export function checkContentType(contentType: string | null, allowed: readonly string[]): void {
  const type = mediaType(contentType);
  if (type === null || type === "" || allowed.includes(type)) return;
  throw new HttpError(
    415,
    415,
    `Content-Type is ${shown(contentType)}; allowed: ${allowed.join(", ")}`,
  );
}
