/**
 * Which endpoints are served, by lists of their names. `api.v3.topics.*` stands for all names that begin with
 * `api.v3.topics.`; an empty list of allowed ones allows all.
 */
export function servedEndpoints(
  allowed: readonly string[],
  blocked: readonly string[],
): (name: string) => boolean {
  return (name) =>
    (allowed.length === 0 || allowed.some((one) => matches(one, name))) &&
    !blocked.some((one) => matches(one, name));
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
