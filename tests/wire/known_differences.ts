/** A difference between the recordings and our answers that is meant, and why. */
export interface KnownDifference {
  readonly script: string;
  /** Lines of the script; all of them when left out. */
  readonly lines?: readonly number[];
  /** What the difference's path must match. */
  readonly path: RegExp;
  readonly reason: string;
}

/** APIs that the recorded broker serves and ours does not yet, by key: what is not served is not told. */
const NOT_SERVED_YET: readonly number[] = [
  ...[24, 25, 26, 27, 28, 65, 66], // transactions
  ...[29, 30, 31, 36, 38, 39, 40, 41, 50, 51], // access control, SASL
  ...[34, 48, 49], // log directories of replicas, quotas
  ...[68, 69, 76, 77, 78, 79, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93], // newer groups
  ...[80, 81], // changing voters
];
const NOT_SERVED_PATH = new RegExp(`^body\\.apiKeys\\[apiKey=(${NOT_SERVED_YET.join("|")})\\]$`);

/** All but those that the recording itself explains are a debt, to be paid off. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    script: "malformed",
    lines: [14, 16, 23, 24, 25],
    path: /^body\.topics\b/,
    reason: "asks for all topics, and was recorded on a broker that had those of other scripts",
  },
  {
    script: "produce",
    lines: [25],
    path: /^(body|correlationId|headerTags|result)\b/,
    reason: "Kafka never answers a request whose records are null; ours refuses it",
  },
  ...["admin", "malformed"].map((script) => ({
    script,
    path: NOT_SERVED_PATH,
    reason: "an API that is not served yet is not advertised",
  })),
];

/** Why a difference is meant, or null when it is not. */
export function knownDifference(script: string, line: number, path: string): string | null {
  const known = KNOWN_DIFFERENCES.find((entry) =>
    entry.script === script && (entry.lines?.includes(line) ?? true) && entry.path.test(path)
  );
  return known?.reason ?? null;
}
