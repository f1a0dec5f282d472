/** What was measured, by contestant, and the table that shows it. */

/** Who was measured: our broker, Apache Kafka's, the bare limit. */
export type Who = "ours" | "apache" | "sink";

/** A row of the table. */
interface Measure {
  readonly name: string;
  readonly unit: string;
  readonly digits: number;
  /** What is asked of us: a value, or a share of Apache Kafka's. */
  readonly target: {
    readonly most?: number;
    readonly least?: number;
    readonly ratioMost?: number;
    readonly ratioLeast?: number;
  };
}

const MEASURES = {
  start: {
    name: "start to first acknowledged record",
    unit: "s",
    digits: 2,
    target: { most: 0.4 },
  },
  idleMemory: { name: "memory, idle", unit: "MiB", digits: 0, target: { most: 90 } },
  loadMemory: { name: "memory, most under load", unit: "MiB", digits: 0, target: { most: 350 } },
  produceRate: {
    name: "produce 1 KiB, acks=all",
    unit: "MiB/s",
    digits: 0,
    target: { ratioLeast: 1 },
  },
  produceCpu: {
    name: "produce, broker CPU",
    unit: "s/GB",
    digits: 2,
    target: { ratioMost: 0.5 },
  },
  consumeRate: { name: "consume, warm", unit: "MiB/s", digits: 0, target: {} },
  consumeCpu: { name: "consume, broker CPU", unit: "s/GB", digits: 2, target: { ratioMost: 1 } },
  javaLatency50: { name: "end to end, Java, acks=1, p50", unit: "ms", digits: 0, target: {} },
  javaLatency99: {
    name: "end to end, Java, acks=1, p99",
    unit: "ms",
    digits: 0,
    target: { ratioMost: 1 },
  },
  wireLatency50: { name: "end to end, wire, acks=1, p50", unit: "ms", digits: 2, target: {} },
  wireLatency99: {
    name: "end to end, wire, acks=1, p99",
    unit: "ms",
    digits: 2,
    target: { ratioMost: 1 },
  },
  schemaById: { name: "schema by id, CPU", unit: "ms", digits: 3, target: { most: 0.05 } },
  schemaLookup: { name: "schema lookup, CPU", unit: "ms", digits: 3, target: { most: 0.1 } },
  schemaRegistration: {
    name: "register 1,000 schemas",
    unit: "s",
    digits: 1,
    target: { most: 15 },
  },
  registryLoad: { name: "load 10,000 schemas at start", unit: "s", digits: 2, target: { most: 2 } },
  registryMemory: { name: "registry memory, idle", unit: "MiB", digits: 0, target: { most: 110 } },
  restOne: { name: "REST v2, 1 record, CPU", unit: "ms", digits: 3, target: { most: 0.15 } },
  restHundred: { name: "REST v2, 100 records, CPU", unit: "ms", digits: 3, target: { most: 0.7 } },
  restStream: {
    name: "REST v3, streamed in",
    unit: "records/s",
    digits: 0,
    target: { least: 50_000 },
  },
  sseRate: { name: "SSE beside 200 slow readers", unit: "records/s", digits: 0, target: {} },
  sseMemory: { name: "memory that 200 slow readers cost", unit: "MiB", digits: 0, target: {} },
} as const satisfies Record<string, Measure>;

/** The name of a row. */
export type MeasureName = keyof typeof MEASURES;

/** The middle of the values; the lower of the two when their number is even. Null for none. */
export function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}

/** Collects measurements. */
export class Results {
  readonly #values = new Map<string, number[]>();
  readonly #failures: string[] = [];

  /** One measurement, in the unit of its row. */
  add(who: Who, name: MeasureName, value: number): void {
    const key = `${who} ${name}`;
    this.#values.set(key, [...this.#values.get(key) ?? [], value]);
    console.error(`  ${MEASURES[name].name}: ${value.toFixed(2)} ${MEASURES[name].unit}`);
  }

  /** A measurement that could not be made. */
  fail(who: Who, name: string, why: string): void {
    this.#failures.push(`${who}, ${name}: ${why.split("\n")[0]}`);
    console.error(`  ${name} failed: ${why}`);
  }

  /** The table, and below it what could not be measured. */
  markdown(): string {
    const lines = [
      "| measure | unit | kafkats | Apache Kafka 4.4.0 | ratio | bare limit | wanted | reached |",
      "|---|---|---:|---:|---:|---:|---|---|",
      ...(Object.keys(MEASURES) as MeasureName[]).filter((name) => this.#isMeasured(name))
        .map((name) => this.#row(name)),
    ];
    if (this.#failures.length > 0) {
      lines.push("", "Not measured:", ...this.#failures.map((text) => `- ${text}`));
    }
    return lines.join("\n");
  }

  #isMeasured(name: MeasureName): boolean {
    return this.#values.keys().some((key) => key.endsWith(` ${name}`));
  }

  #median(who: Who, name: MeasureName): number | null {
    return median(this.#values.get(`${who} ${name}`) ?? []);
  }

  #row(name: MeasureName): string {
    const measure: Measure = MEASURES[name];
    const [ours, apache, sink] = (["ours", "apache", "sink"] as const).map((who) =>
      this.#median(who, name)
    ) as [number | null, number | null, number | null];
    const ratio = ours !== null && apache !== null && apache > 0 ? ours / apache : null;
    const cells = [
      measure.name,
      measure.unit,
      ...[ours, apache].map((value) => value?.toFixed(measure.digits) ?? "-"),
      ratio === null ? "-" : `${ratio.toFixed(2)}x`,
      sink?.toFixed(measure.digits) ?? "-",
      wanted(measure.target),
      reached(measure.target, ours, ratio),
    ];
    return `| ${cells.join(" | ")} |`;
  }
}

function wanted({ most, least, ratioMost, ratioLeast }: Measure["target"]): string {
  if (most !== undefined) return `<= ${most}`;
  if (least !== undefined) return `>= ${least}`;
  if (ratioMost !== undefined) return `<= ${ratioMost}x`;
  return ratioLeast === undefined ? "-" : `>= ${ratioLeast}x`;
}

function reached(target: Measure["target"], ours: number | null, ratio: number | null): string {
  const { most, least, ratioMost, ratioLeast } = target;
  if (most !== undefined) return ours === null ? "-" : ours <= most ? "yes" : "no";
  if (least !== undefined) return ours === null ? "-" : ours >= least ? "yes" : "no";
  if (ratioMost === undefined && ratioLeast === undefined) return "-";
  if (ratio === null) return "-";
  return ratio <= (ratioMost ?? Infinity) && ratio >= (ratioLeast ?? 0) ? "yes" : "no";
}
