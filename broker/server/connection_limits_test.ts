import { assertEquals } from "@std/assert";
import { ConnectionLimits } from "./connection_limits.ts";

const WIDE = {
  connectionsMax: 100,
  listenerMax: new Map<string, number>(),
  perIpMax: 100,
  perIpOverrides: new Map<string, number>(),
  creationsPerSecondMax: 2 ** 31 - 1,
  interBrokerListener: null,
};

Deno.test("each address has its limit, overrides first, and closing makes room", () => {
  const perIpOverrides = new Map([["10.0.0.9", 2], ["10.0.0.7", 0]]);
  const limits = new ConnectionLimits({ ...WIDE, perIpMax: 1, perIpOverrides }, 1);
  assertEquals(limits.open("10.0.0.1", "CLIENTS"), null);
  assertEquals(limits.open("10.0.0.1", "CLIENTS"), 1);
  assertEquals([limits.open("10.0.0.9", "CLIENTS"), limits.open("10.0.0.9", "CLIENTS")], [
    null,
    null,
  ]);
  assertEquals(limits.open("10.0.0.9", "CLIENTS"), 2);
  assertEquals(limits.open("10.0.0.7", "CLIENTS"), 0);
  limits.close("10.0.0.1", "CLIENTS");
  assertEquals(limits.open("10.0.0.1", "CLIENTS"), null);
  assertEquals([limits.count, limits.countOf("10.0.0.9")], [3, 2]);
});

Deno.test("max.connections does not hold on the inter-broker listener beside others", async () => {
  const full = { ...WIDE, connectionsMax: 1, interBrokerListener: "INTERNAL" };
  const limits = new ConnectionLimits(full, 2);
  limits.open("10.0.0.1", "CLIENTS");
  assertEquals([limits.isFull("CLIENTS"), limits.isFull("INTERNAL")], [true, false]);
  limits.update({ ...full, connectionsMax: 2 });
  assertEquals(limits.isFull("CLIENTS"), false);
  limits.update(full);
  const alone = new ConnectionLimits(full, 1);
  alone.open("10.0.0.1", "CLIENTS");
  assertEquals(alone.isFull("INTERNAL"), true);
  const freed = limits.slotFreed();
  limits.close("10.0.0.1", "CLIENTS");
  await freed;
  assertEquals(limits.isFull("CLIENTS"), false);
});

Deno.test("the creation rate lets a second's worth come at once and spreads the rest", () => {
  const limits = new ConnectionLimits({ ...WIDE, creationsPerSecondMax: 10 }, 1);
  const delays = Array.from({ length: 14 }, () => limits.creationDelayMs(5_000));
  assertEquals(delays, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 200, 300]);
  assertEquals(limits.creationDelayMs(60_000), 0);
  const unlimited = new ConnectionLimits(WIDE, 1);
  for (let count = 0; count < 1_000; count++) assertEquals(unlimited.creationDelayMs(0), 0);
});

Deno.test("a listener's own limit holds beside that of all", () => {
  const limits = new ConnectionLimits({ ...WIDE, listenerMax: new Map([["CLIENTS", 1]]) }, 2);
  limits.open("10.0.0.1", "CLIENTS");
  assertEquals([limits.isFull("CLIENTS"), limits.isFull("OTHERS")], [true, false]);
  limits.close("10.0.0.1", "CLIENTS");
  assertEquals(limits.isFull("CLIENTS"), false);
});
