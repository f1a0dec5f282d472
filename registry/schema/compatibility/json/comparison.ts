import type { JsonSchema } from "../../formats/mod.ts";
import type { CompatibilityPolicy, Incompatibility } from "../incompatibility.ts";
import type { Check } from "./check.ts";
import { applyRules } from "./rules.ts";
import { type Shape, Shapes } from "./shape.ts";

/** Most questions whether one part accepts another: about a second. Real schemas ask some thousands. */
const QUESTIONS_MAX = 1_000_000;
/** Most incompatibilities that are listed. */
const LISTED_MAX = 100;
/** Most pairs of parts that are looked at to list them. */
const VISITS_MAX = 2_000;

/** Two parts, of the writer's and of the reader's schema, and whether the second reads all of the first. */
interface Pair {
  readonly writer: Shape;
  readonly reader: Shape;
  readonly writers: Shapes;
  readonly readers: Shapes;
  /** True until shown otherwise, so that circles of `$ref`s are taken to be compatible. */
  isCompatible: boolean;
  isWaiting: boolean;
  /** Pairs whose verdict rests on this one's. */
  readonly dependents: Set<Pair>;
}

/** A pair on the way of listing, with the one it was reached from. */
interface Visit {
  readonly pair: Pair;
  readonly path: string;
  readonly from: Visit | null;
}

/** Whether going on to a pair would go around a circle. */
function isWithin(pair: Pair, visit: Visit): boolean {
  for (let at: Visit | null = visit; at !== null; at = at.from) {
    if (at.pair === pair) return true;
  }
  return false;
}

/** The schemas are so large or so entangled that comparing them was given up. */
class ComparisonLimit extends Error {}

/** Shapes of schemas that are in use, so that one candidate against many versions is read once. */
const shapesOf = new WeakMap<JsonSchema, Shapes>();

function shapes(schema: JsonSchema): Shapes {
  let made = shapesOf.get(schema);
  if (made === undefined) {
    made = new Shapes(schema);
    shapesOf.set(schema, made);
  }
  return made;
}

/**
 * What stands against a reader with one JSON Schema reading what was written with another; empty: nothing
 * does. At most 100 are listed. Schemas too entangled to decide in about a second count as incompatible.
 */
export function jsonIncompatibilities(
  reader: JsonSchema,
  writer: JsonSchema,
  policy: CompatibilityPolicy,
): Incompatibility[] {
  const comparison = new Comparison(policy === "LENIENT");
  try {
    return comparison.run(shapes(writer), shapes(reader));
  } catch (error) {
    if (!(error instanceof ComparisonLimit)) throw error;
    return [{
      errorType: "COMPARISON_LIMIT_EXCEEDED",
      path: "#",
      description: "The schemas are too large or too entangled to be compared",
      additionalInfo: `gave up after ${QUESTIONS_MAX} comparisons of their parts`,
    }];
  }
}

/**
 * Decides pairs of parts from the root down by a worklist: each is compatible until its rules find
 * something, and then those that rest on it are decided anew. Verdicts only ever fall, so it ends.
 */
class Comparison {
  readonly #isLenient: boolean;
  readonly #pairs = new Map<Shape, Map<Shape, Pair>>();
  readonly #fresh: Pair[] = [];
  readonly #again: Pair[] = [];
  #questions = 0;

  constructor(isLenient: boolean) {
    this.#isLenient = isLenient;
  }

  run(writers: Shapes, readers: Shapes): Incompatibility[] {
    const root = this.#pair(writers.root(), readers.root(), writers, readers);
    if (root === null) return [];
    this.#decideAll();
    return root.isCompatible ? [] : this.#list(root);
  }

  /** The pair of two shapes; null when they are compatible whatever the rules say. */
  #pair(writer: Shape, reader: Shape, writers: Shapes, readers: Shapes): Pair | null {
    this.#spend(1);
    const from = writers.open(writer), to = readers.open(reader);
    if (from === to || from.kind === "never" || to.kind === "any") return null;
    let row = this.#pairs.get(from);
    if (row === undefined) this.#pairs.set(from, row = new Map());
    let pair = row.get(to);
    if (pair === undefined) {
      pair = {
        writer: from,
        reader: to,
        writers,
        readers,
        isCompatible: true,
        isWaiting: true,
        dependents: new Set(),
      };
      row.set(to, pair);
      this.#fresh.push(pair);
    }
    return pair;
  }

  /** New pairs go first: their verdicts spare deciding others twice. */
  #decideAll(): void {
    for (;;) {
      const pair = this.#fresh.pop() ?? this.#again.pop();
      if (pair === undefined) return;
      pair.isWaiting = false;
      if (pair.isCompatible) this.#decide(pair);
    }
  }

  #decide(pair: Pair): void {
    let isCompatible = true;
    applyRules(this.#check(
      pair,
      (next) => {
        next?.dependents.add(pair);
        return next?.isCompatible ?? true;
      },
      () => isCompatible = false,
      () => isCompatible = false,
    ));
    if (isCompatible) return;
    pair.isCompatible = false;
    for (const dependent of pair.dependents) {
      if (!dependent.isCompatible || dependent.isWaiting) continue;
      dependent.isWaiting = true;
      this.#again.push(dependent);
    }
    pair.dependents.clear();
  }

  /** Goes through the incompatible pairs, those near the root first. */
  #list(root: Pair): Incompatibility[] {
    const listed: Incompatibility[] = [];
    const open: Visit[] = [{ pair: root, path: "#", from: null }];
    const seen = new Set<string>();
    for (let i = 0; i < open.length && i < VISITS_MAX && listed.length < LISTED_MAX; i++) {
      const visit = open[i];
      if (visit === undefined) break;
      const { pair, path } = visit;
      applyRules(this.#check(
        pair,
        (next) => {
          this.#decideAll();
          return next?.isCompatible ?? true;
        },
        (errorType, step, description) => {
          const where = path + step;
          const key = `${errorType} ${where}`;
          if (seen.has(key) || listed.length >= LISTED_MAX) return;
          seen.add(key);
          listed.push({ errorType, path: where, description, additionalInfo: "" });
        },
        (next, step) => {
          if (open.length >= VISITS_MAX || isWithin(next, visit)) return;
          open.push({ pair: next, path: path + step, from: visit });
        },
      ));
    }
    return listed;
  }

  #check(
    pair: Pair,
    verdict: (pair: Pair | null) => boolean,
    found: Check["found"],
    failed: (pair: Pair, path: string) => void,
  ): Check {
    const { writer, reader, writers, readers } = pair;
    const compareShapes = (from: Shape, to: Shape, path: string) => {
      const next = this.#pair(from, to, writers, readers);
      if (!verdict(next) && next !== null) failed(next, path);
    };
    const acceptsShapes = (from: Shape, to: Shape) =>
      verdict(this.#pair(from, to, writers, readers));
    return {
      writer,
      reader,
      writers,
      readers,
      isLenient: this.#isLenient,
      found,
      compareShapes,
      compare: (from, to, path) => compareShapes(writers.of(from), readers.of(to), path),
      acceptsShapes,
      accepts: (from, to) => acceptsShapes(writers.of(from), readers.of(to)),
      acceptsSwapped: (from, to) =>
        verdict(this.#pair(readers.of(from), writers.of(to), readers, writers)),
      spend: (work) => this.#spend(work),
    };
  }

  #spend(work: number): void {
    this.#questions += work;
    if (this.#questions > QUESTIONS_MAX) throw new ComparisonLimit();
  }
}
