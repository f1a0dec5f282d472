/** Where a stream's text goes: the body of an answer, or a WebSocket. */
export interface Outlet {
  /** Takes a text whole. Who writes asks {@linkcode hasRoom} first: nothing here refuses. */
  write(text: string): void;
  /** Whether little enough waits for the client to read it; true where nobody will read any more. */
  readonly hasRoom: boolean;
  /** Resolves when there is room, or nobody to read. */
  room(): Promise<void>;
  /** Whether the client has gone; what is written then is dropped. */
  readonly isGone: boolean;
  /** Called once, when the client goes before the end. */
  onGone: () => void;
  /** Ends the stream behind what was written. */
  end(): void;
}
