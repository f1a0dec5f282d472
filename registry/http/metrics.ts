/** Numbers for Prometheus (text format 0.0.4). Counting costs nanoseconds; the text is made when asked for. */

/** Upper bounds of the time that requests take, in seconds. */
const BUCKETS = [
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
  30,
] as const;

/** Others count as one, so that a client can't make series. */
const METHODS: ReadonlySet<string> = new Set(
  ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
);

interface Series {
  count: number;
  sum: number;
  readonly buckets: number[];
}

/** A number that is looked up when the text is made. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  value(): number;
}

/** What a service counts. */
export class Metrics {
  readonly #requests = new Map<string, Series>();
  readonly #gauges: Gauge[] = [];

  /** Adds numbers that are read when somebody asks. */
  addGauges(...gauges: readonly Gauge[]): void {
    this.#gauges.push(...gauges);
  }

  /** One answered request. */
  observe(method: string, status: number, seconds: number): void {
    const key = `method="${METHODS.has(method) ? method : "other"}",status="${status}"`;
    let series = this.#requests.get(key);
    if (series === undefined) {
      series = { count: 0, sum: 0, buckets: BUCKETS.map(() => 0) };
      this.#requests.set(key, series);
    }
    series.count += 1;
    series.sum += seconds;
    for (let i = BUCKETS.length - 1; i >= 0 && seconds <= BUCKETS[i]!; i--) series.buckets[i]! += 1;
  }

  /** The text of all numbers. */
  text(): string {
    const lines = [
      "# HELP http_request_duration_seconds Time from a request's head to its answer's.",
      "# TYPE http_request_duration_seconds histogram",
    ];
    const name = "http_request_duration_seconds";
    for (const [labels, { count, sum, buckets }] of this.#requests) {
      for (const [i, bound] of BUCKETS.entries()) {
        lines.push(`${name}_bucket{${labels},le="${bound}"} ${buckets[i]}`);
      }
      lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`);
      lines.push(`${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${count}`);
    }
    for (const { name, help, value } of this.#gauges) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value()}`);
    }
    return `${lines.join("\n")}\n`;
  }
}
