import { assertEquals } from "@std/assert";
import { ManualClock, settle } from "../../tests/disk/manual_clock.ts";
import { MetadataFollower } from "./metadata_follower.ts";

/** A clock on which each look at the time takes a millisecond. */
class BusyClock extends ManualClock {
  #spentMs = 0;
  override monotonicMs(): number {
    return super.monotonicMs() + this.#spentMs++;
  }
}

function* change(name: string, steps: number, done: string[]): Generator<void, void> {
  for (let step = 1; step <= steps; step++) {
    done.push(`${name}${step}`);
    yield;
  }
}

Deno.test("a small change is carried out at once", async () => {
  const done: string[] = [];
  const follower = new MetadataFollower(new BusyClock());
  follower.follow(change("a", 3, done));
  assertEquals(done, ["a1", "a2", "a3"]);
  await follower.settled();
});

Deno.test("a large change gives others turns, and what comes after it waits", async () => {
  const clock = new BusyClock();
  const done: string[] = [];
  const follower = new MetadataFollower(clock);
  follower.follow(change("a", 25, done));
  follower.follow(change("b", 1, done));
  assertEquals(done.at(-1), "a10");
  let isSettled = false;
  follower.settled().then(() => isSettled = true);
  await settle();
  assertEquals([isSettled, clock.pendingCount], [false, 1]);
  await clock.advance(0);
  assertEquals(done.slice(-2), ["a25", "b1"]);
  assertEquals([isSettled, clock.pendingCount], [true, 0]);
});
