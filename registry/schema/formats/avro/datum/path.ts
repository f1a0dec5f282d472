/** A step into a value: name of a field or branch, key of a map, or index of an item. */
export type PathStep = string | number;

/** Longest path that a message shows, in steps. */
const STEPS_MAX = 30;

/** Steps as a JSON pointer; `/` is the value at the top. */
export function pointerOf(path: readonly PathStep[]): string {
  if (path.length === 0) return "/";
  const shown = path.slice(0, STEPS_MAX).map((step) =>
    `/${String(step).slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1")}`
  );
  return shown.join("") + (path.length > STEPS_MAX ? "/..." : "");
}
