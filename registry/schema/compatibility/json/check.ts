import type { JsonValue } from "../../formats/mod.ts";
import type { Shape, Shapes } from "./shape.ts";

/** What the rules for one pair may ask and say. The paths are JSON pointers from the pair's place. */
export interface Check {
  readonly writer: Shape;
  readonly reader: Shape;
  /** Where the values in the shapes come from. */
  readonly writers: Shapes;
  readonly readers: Shapes;
  readonly isLenient: boolean;
  /** Says what stands against the pair. */
  found(errorType: string, path: string, description: string): void;
  /** Demands that a part of the reader reads a part of the writer. */
  compare(writer: JsonValue, reader: JsonValue, path: string): void;
  compareShapes(writer: Shape, reader: Shape, path: string): void;
  /** Asks whether a part of the reader reads a part of the writer. */
  accepts(writer: JsonValue, reader: JsonValue): boolean;
  acceptsShapes(writer: Shape, reader: Shape): boolean;
  /** Asks the reverse: whether a part of the writer reads a part of the reader. */
  acceptsSwapped(reader: JsonValue, writer: JsonValue): boolean;
  /** Counts work that isn't a question. */
  spend(work: number): void;
}
