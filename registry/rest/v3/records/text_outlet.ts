import type { Outlet } from "../../streams/outlet.ts";

/** Collects a short stream as one text. */
export class TextOutlet implements Outlet {
  text = "";
  readonly hasRoom = true;
  readonly isGone = false;
  onGone: () => void = () => {};

  write(text: string): void {
    this.text += text;
  }

  room(): Promise<void> {
    return Promise.resolve();
  }

  end(): void {}
}
