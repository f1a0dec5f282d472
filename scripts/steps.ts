/**
 * Counting and telling what passed: the house's commands end with one line, `N passed, N failed`,
 * and an exit code that says the same.
 */

/** What a check or step came to. */
export interface Outcome {
  readonly passed: boolean;
  /** Shown below a failure, line by line. */
  readonly details: readonly string[];
}

/** Numbers of checks. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Prints outcomes as they come and counts them. */
export class Tally {
  #passed = 0;
  #failed = 0;
  #skipped = 0;
  readonly #broken: string[] = [];

  /** One check. */
  check(name: string, outcome: Outcome): void {
    console.log(`${outcome.passed ? "ok  " : "FAIL"} ${name}`);
    if (outcome.passed) {
      this.#passed += 1;
      return;
    }
    this.#failed += 1;
    this.#broken.push(name);
    for (const line of outcome.details) console.log(`     ${line}`);
  }

  /** Something that can't run here. */
  skip(name: string, why: string): void {
    console.log(`skip ${name}: ${why}`);
    this.#skipped += 1;
  }

  /** Checks that another program has made and told. */
  add(name: string, counts: Counts): void {
    this.#passed += counts.passed;
    this.#failed += counts.failed;
    this.#skipped += counts.skipped;
    if (counts.failed > 0) this.#broken.push(name);
  }

  /** Prints the count as the last line and ends the process: with 1 when something failed. */
  finish(): never {
    if (this.#broken.length > 0) console.log(`\nFailed: ${this.#broken.join("; ")}`);
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : "";
    console.log(`${this.#passed} passed, ${this.#failed} failed${skipped}`);
    Deno.exit(this.#failed > 0 ? 1 : 0);
  }
}

/** What a child process printed, in both streams, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly text: string;
}

/**
 * Runs a command in the repository; `echo` lets its output through while it runs, too. A child
 * `deno` is always the one that runs this.
 */
export async function run(
  args: readonly string[],
  options: { readonly echo?: boolean; readonly env?: Record<string, string> } = {},
): Promise<Ran> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: new URL("../", import.meta.url),
    env: { NO_COLOR: "1", ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const parts: string[] = [];
  async function collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      parts.push(decoder.decode(bytes, { stream: true }));
      if (options.echo) await Deno.stdout.write(bytes);
    }
  }
  await Promise.all([collect(child.stdout), collect(child.stderr)]);
  const { code } = await child.status;
  return { code, text: parts.join("") };
}

/**
 * The counts in `deno test`'s last line. A run that failed without a failed test (a type error, say)
 * counts as one failure.
 */
export function testCounts({ code, text }: Ran): Counts {
  const last = text.match(
    /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(?:.*? \| (\d+) ignored)?/m,
  );
  const failed = Number(last?.[2] ?? 0);
  return {
    passed: Number(last?.[1] ?? 0),
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: Number(last?.[3] ?? 0),
  };
}
