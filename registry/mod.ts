/**
 * The HTTP front doors: schema registry, REST proxy, web console. Nothing of it is built yet; it will
 * reach a broker as any client does, through a client library.
 */
export {};
