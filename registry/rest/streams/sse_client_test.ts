import { assertEquals } from "@std/assert";

/** An event as a client sees it. */
export interface SseEvent {
  /** "message" where the event has no name; "comment" is none for clients, and is shown to tests. */
  readonly event: string;
  readonly id: string;
  // deno-lint-ignore no-explicit-any
  readonly data: any;
}

/** Reads server-sent events one by one. */
export class SseClient implements AsyncDisposable {
  readonly response: Response;
  /** Of the last event that had one. */
  lastEventId = "";
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  private constructor(response: Response) {
    this.response = response;
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Opens a stream and waits for its beginning. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<SseClient> {
    const response = await fetch(url, { headers: { Accept: "text/event-stream", ...headers } });
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    assertEquals(response.headers.get("Content-Type"), "text/event-stream");
    const client = new SseClient(response);
    const beginning = await client.#block();
    assertEquals(beginning!.startsWith("retry: 1000\nid: "), true, beginning!);
    client.lastEventId = beginning!.slice("retry: 1000\nid: ".length);
    return client;
  }

  /** The next event; null: the stream has ended. */
  async next(): Promise<SseEvent | null> {
    const block = await this.#block();
    if (block === null) return null;
    if (block.startsWith(":")) return { event: "comment", id: "", data: block };
    let event = "message", data: string | null = null;
    for (const line of block.split("\n")) {
      const [name, ...rest] = line.split(": ");
      const value = rest.join(": ");
      if (name === "event") event = value;
      else if (name === "id") this.lastEventId = value;
      else if (name === "data") data = value;
    }
    return { event, id: this.lastEventId, data: JSON.parse(data!) };
  }

  /** The next so many events. */
  async take(count: number): Promise<SseEvent[]> {
    const events: SseEvent[] = [];
    while (events.length < count) events.push((await this.next())!);
    return events;
  }

  async #block(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      const { value, done } = await this.#reader.read();
      if (done) return null;
      this.#text += value;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}
