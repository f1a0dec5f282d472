import { assertEquals } from "@std/assert";
import { Metrics } from "./metrics.ts";

Deno.test("observe() counts a request in every bucket that holds its time", () => {
  const metrics = new Metrics();
  metrics.observe("GET", 200, 0.001);
  metrics.observe("GET", 200, 0.2);
  metrics.observe("GET", 200, 100);
  metrics.observe("POST", 413, 0.004);
  const lines = metrics.text().split("\n");
  const of = (labels: string) =>
    lines.filter((line) => line.includes(`{${labels}`)).map((line) => Number(line.split(" ")[1]));
  const get = 'method="GET",status="200"';
  assertEquals(of(`${get},le=`), [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3]);
  assertEquals(of(`${get}}`), [100.201, 3]);
  assertEquals(of('method="POST",status="413",le="0.0025"'), [0]);
  assertEquals(of('method="POST",status="413",le="0.005"'), [1]);
});

Deno.test("methods that nobody knows share one series", () => {
  const metrics = new Metrics();
  for (let i = 0; i < 1000; i++) metrics.observe(`M${i}`, 405, 0.1);
  const counts = metrics.text().split("\n").filter((line) => line.includes("_count{"));
  assertEquals(counts, ['http_request_duration_seconds_count{method="other",status="405"} 1000']);
});

Deno.test("gauges are read when the text is made", () => {
  const metrics = new Metrics();
  let value = 1;
  metrics.addGauges({ name: "schemas", help: "Schemas.", value: () => value });
  value = 2;
  assertEquals(metrics.text().split("\n").slice(-4, -1), [
    "# HELP schemas Schemas.",
    "# TYPE schemas gauge",
    "schemas 2",
  ]);
});
