/**
 * Runtimes that move and transform data: Connect workers, connectors, mirroring, Streams. Nothing of it
 * is built yet; it will reach a broker as any client does, through a client library.
 */
export {};
