/** Keys that {@linkcode PersistentMap} can hold: names, ids, numbers of brokers and partitions. */
export type MapKey = string | number;

const BITS = 5;
const MASK = 31;
/** Below this depth the 32 bits of the hash are used up and entries stand in a plain list. */
const DEPTH_MAX = 7;

/**
 * One level of the trie. `content` holds the entries first, key and value by turns, in the order of
 * their bits in `entryBits`; then the children, in the order of `childBits`. A node below
 * {@linkcode DEPTH_MAX} is a list of entries with equal hashes; its bits are unused.
 */
interface Node {
  /** The draft that may change this node in place; null once the map is published. */
  owner: object | null;
  entryBits: number;
  childBits: number;
  content: unknown[];
}

const EMPTY_NODE: Node = { owner: null, entryBits: 0, childBits: 0, content: [] };

/**
 * An immutable map: a change gives a new map and shares all but one path with the old one, so it costs
 * O(log n) however many topics there are, and a reader may keep any version for as long as it likes.
 * It is a hash trie of compressed nodes (Steindorfer and Vinju, "Optimizing Hash-Array Mapped Tries",
 * 2015): equal contents have equal shape, so the order of iteration depends on the keys alone.
 */
export class PersistentMap<K extends MapKey, V> implements ReadonlyMap<K, V> {
  readonly #root: Node;
  readonly size: number;

  private constructor(root: Node, size: number) {
    this.#root = root;
    this.size = size;
  }

  static readonly #empty = new PersistentMap<MapKey, never>(EMPTY_NODE, 0);

  /** The map without entries. */
  static empty<K extends MapKey, V>(): PersistentMap<K, V> {
    return PersistentMap.#empty as unknown as PersistentMap<K, V>;
  }

  /** A map of the given entries; of two with one key the later counts. */
  static from<K extends MapKey, V>(entries: Iterable<readonly [K, V]>): PersistentMap<K, V> {
    return PersistentMap.empty<K, V>().mutate((draft) => {
      for (const [key, value] of entries) draft.set(key, value);
    });
  }

  get(key: K): V | undefined {
    let node = this.#root;
    const hash = hashOf(key);
    for (let depth = 0; depth < DEPTH_MAX; depth++) {
      const bit = 1 << ((hash >>> (depth * BITS)) & MASK);
      if (node.entryBits & bit) {
        const at = 2 * bitCount(node.entryBits & (bit - 1));
        return node.content[at] === key ? node.content[at + 1] as V : undefined;
      }
      if (!(node.childBits & bit)) return undefined;
      node = node.content[childIndex(node, bit)] as Node;
    }
    const at = indexInList(node, key);
    return at < 0 ? undefined : node.content[at + 1] as V;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  /** This map with `key` set; the same map when it holds that very value already. */
  set(key: K, value: V): PersistentMap<K, V> {
    return this.mutate((draft) => draft.set(key, value));
  }

  /** This map without `key`; the same map when it is not there. */
  delete(key: K): PersistentMap<K, V> {
    return this.mutate((draft) => draft.delete(key));
  }

  /** This map with all that `change` does to a draft of it; cheaper than one change at a time. */
  mutate(change: (draft: MapDraft<K, V>) => void): PersistentMap<K, V> {
    const draft = new MapDraft<K, V>(this.#root, this.size);
    change(draft);
    const { root, size } = draft.finish();
    if (root === this.#root) return this;
    return size === 0 ? PersistentMap.empty<K, V>() : new PersistentMap<K, V>(root, size);
  }

  forEach(callback: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    visit(this.#root, 0, (key, value) => callback(value as V, key as K, this));
  }

  *entries(): Generator<[K, V], undefined> {
    yield* walk(this.#root, 0) as Generator<[K, V], undefined>;
    return undefined;
  }

  *keys(): Generator<K, undefined> {
    for (const [key] of this.entries()) yield key;
    return undefined;
  }

  *values(): Generator<V, undefined> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }

  [Symbol.iterator](): Generator<[K, V], undefined> {
    return this.entries();
  }
}

/** A map under change; see {@linkcode PersistentMap.mutate}. Values are never `undefined`. */
export class MapDraft<K extends MapKey, V> {
  #root: Node;
  #size: number;
  #owner: object | null = {};

  constructor(root: Node, size: number) {
    this.#root = root;
    this.#size = size;
  }

  set(key: K, value: V): void {
    this.#root = this.#set(this.#root, 0, hashOf(key), key, value);
  }

  delete(key: K): void {
    this.#root = this.#delete(this.#root, 0, hashOf(key), key);
  }

  /** Ends the draft; later calls on it copy instead of changing what was handed out. */
  finish(): { root: Node; size: number } {
    this.#owner = null;
    return { root: this.#root, size: this.#size };
  }

  #set(node: Node, depth: number, hash: number, key: K, value: V): Node {
    if (depth === DEPTH_MAX) {
      const at = indexInList(node, key);
      if (at < 0) {
        this.#size++;
        return this.#with(node, 0, 0, [...node.content, key, value]);
      }
      return node.content[at + 1] === value ? node : this.#replacing(node, at + 1, value);
    }
    const bit = 1 << ((hash >>> (depth * BITS)) & MASK);
    if (node.childBits & bit) {
      const at = childIndex(node, bit);
      const child = node.content[at] as Node;
      const changed = this.#set(child, depth + 1, hash, key, value);
      return changed === child ? node : this.#replacing(node, at, changed);
    }
    const at = 2 * bitCount(node.entryBits & (bit - 1));
    if (!(node.entryBits & bit)) {
      this.#size++;
      const content = node.content.toSpliced(at, 0, key, value);
      return this.#with(node, node.entryBits | bit, node.childBits, content);
    }
    const present = node.content[at] as K;
    if (present === key) {
      return node.content[at + 1] === value ? node : this.#replacing(node, at + 1, value);
    }
    this.#size++;
    const below = this.#pair(depth + 1, present, node.content[at + 1] as V, hash, key, value);
    const content = node.content.toSpliced(at, 2);
    const entryBits = node.entryBits & ~bit;
    const position = 2 * bitCount(entryBits) + bitCount(node.childBits & (bit - 1));
    content.splice(position, 0, below);
    return this.#with(node, entryBits, node.childBits | bit, content);
  }

  /** A node for two entries whose hashes agree above `depth`. */
  #pair(depth: number, key1: K, value1: V, hash2: number, key2: K, value2: V): Node {
    if (depth === DEPTH_MAX) return this.#node(0, 0, [key1, value1, key2, value2]);
    const slot1 = (hashOf(key1) >>> (depth * BITS)) & MASK;
    const slot2 = (hash2 >>> (depth * BITS)) & MASK;
    if (slot1 === slot2) {
      const below = this.#pair(depth + 1, key1, value1, hash2, key2, value2);
      return this.#node(0, 1 << slot1, [below]);
    }
    const content = slot1 < slot2 ? [key1, value1, key2, value2] : [key2, value2, key1, value1];
    return this.#node((1 << slot1) | (1 << slot2), 0, content);
  }

  #delete(node: Node, depth: number, hash: number, key: K): Node {
    if (depth === DEPTH_MAX) {
      const at = indexInList(node, key);
      if (at < 0) return node;
      this.#size--;
      return this.#with(node, 0, 0, node.content.toSpliced(at, 2));
    }
    const bit = 1 << ((hash >>> (depth * BITS)) & MASK);
    if (node.entryBits & bit) {
      const at = 2 * bitCount(node.entryBits & (bit - 1));
      if (node.content[at] !== key) return node;
      this.#size--;
      return this.#with(node, node.entryBits & ~bit, node.childBits, node.content.toSpliced(at, 2));
    }
    if (!(node.childBits & bit)) return node;
    const at = childIndex(node, bit);
    const before = this.#size;
    const changed = this.#delete(node.content[at] as Node, depth + 1, hash, key);
    if (this.#size === before) return node;
    if (changed.childBits !== 0 || changed.content.length > 2) {
      return this.#replacing(node, at, changed);
    }
    // One entry is left below: it moves up, so that equal contents keep equal shape.
    const content = node.content.toSpliced(at, 1);
    const position = 2 * bitCount(node.entryBits & (bit - 1));
    content.splice(position, 0, changed.content[0], changed.content[1]);
    return this.#with(node, node.entryBits | bit, node.childBits & ~bit, content);
  }

  #node(entryBits: number, childBits: number, content: unknown[]): Node {
    return { owner: this.#owner, entryBits, childBits, content };
  }

  #with(node: Node, entryBits: number, childBits: number, content: unknown[]): Node {
    if (!this.#owns(node)) return this.#node(entryBits, childBits, content);
    node.entryBits = entryBits;
    node.childBits = childBits;
    node.content = content;
    return node;
  }

  #replacing(node: Node, at: number, value: unknown): Node {
    if (this.#owns(node)) {
      node.content[at] = value;
      return node;
    }
    return this.#node(node.entryBits, node.childBits, node.content.with(at, value));
  }

  #owns(node: Node): boolean {
    return this.#owner !== null && node.owner === this.#owner;
  }
}

function childIndex(node: Node, bit: number): number {
  return 2 * bitCount(node.entryBits) + bitCount(node.childBits & (bit - 1));
}

function indexInList(node: Node, key: MapKey): number {
  const { content } = node;
  for (let at = 0; at < content.length; at += 2) if (content[at] === key) return at;
  return -1;
}

function visit(node: Node, depth: number, callback: (key: unknown, value: unknown) => void): void {
  const { content } = node;
  const entries = depth === DEPTH_MAX ? content.length : 2 * bitCount(node.entryBits);
  for (let at = 0; at < entries; at += 2) callback(content[at], content[at + 1]);
  for (let at = entries; at < content.length; at++) visit(content[at] as Node, depth + 1, callback);
}

function* walk(node: Node, depth: number): Generator<[unknown, unknown], undefined> {
  const { content } = node;
  const entries = depth === DEPTH_MAX ? content.length : 2 * bitCount(node.entryBits);
  for (let at = 0; at < entries; at += 2) yield [content[at], content[at + 1]];
  for (let at = entries; at < content.length; at++) yield* walk(content[at] as Node, depth + 1);
  return undefined;
}

/** Whole numbers spread by themselves; text goes through FNV-1a and a last mix of the high bits. */
function hashOf(key: MapKey): number {
  if (typeof key === "number") return key | 0;
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function bitCount(bits: number): number {
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
