import type { MetadataImage } from "../metadata/mod.ts";

/** The cluster's metadata as far as this node has replayed it. */
export interface MetadataRoom {
  /** The image of now; it never changes, the next change makes another. */
  image(): MetadataImage;
  /** The finalized level of `kraft.version`; 1 where the voters are in the metadata log (KIP-853). */
  kraftVersion(): number;
}
