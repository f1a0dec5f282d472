import { assertEquals, assertThrows } from "@std/assert";
import { flag, integer, list, oneOf, secret, text } from "./option.ts";
import { readSettings, SettingsError, type SettingsInputs } from "./read_settings.ts";

const TABLE = {
  "host.name": text("localhost", "Host."),
  "listeners": list(["http://localhost:8081"], "Listeners."),
  "port": integer(8081, "Port.", { min: 1, max: 65535 }),
  "mutable": flag(true, "Flag."),
  "level": oneOf("backward", ["backward", "full"], "Level."),
  "key.password": secret("Password."),
};

function read(inputs: SettingsInputs) {
  return readSettings({ table: TABLE, environmentPrefix: "SR_", passedOn: ["client."] }, inputs);
}

Deno.test("readSettings() gives defaults where nothing is given", () => {
  const { settings, warnings } = read({});
  assertEquals(settings.port, 8081);
  assertEquals(settings.listeners, ["http://localhost:8081"]);
  assertEquals(warnings, []);
});

Deno.test("overrides win over the environment, it over the file, it over defaults", () => {
  const inputs = {
    defaults: { "host.name": "a", "port": "1", "mutable": "false", "level": "FULL" },
    properties: "host.name=b\nport = 2\nmutable=true\n",
    environment: { SR_HOST_NAME: "c", SR_PORT: "3", OTHER_PORT: "9" },
    overrides: ["host.name=d"],
  };
  const { settings } = read(inputs);
  assertEquals(settings["host.name"], "d");
  assertEquals(settings.port, 3);
  assertEquals(settings.mutable, true);
  assertEquals(settings.level, "full");
});

Deno.test("what passes on is kept as text, what nothing knows is told", () => {
  const { passedOn, warnings } = read({
    properties: "client.sasl.mechanism=PLAIN\nunheard.of=1\n",
    environment: { SR_CLIENT_ID: "x", SR_HEAP_OPTS: "-Xmx1g" },
  });
  assertEquals([...passedOn], [["client.sasl.mechanism", "PLAIN"], ["client.id", "x"]]);
  assertEquals(warnings, ["Option unheard.of is unknown and left out"]);
});

Deno.test("a bad value is refused with its name and what is allowed, a secret one unseen", () => {
  const message = (overrides: string[]) =>
    assertThrows(() => read({ overrides }), SettingsError).message;
  assertEquals(message(["port=70000"]), "Option port=70000: allowed is a whole number, 1 to 65535");
  assertEquals(message(["mutable=maybe"]), "Option mutable=maybe: allowed is true or false");
  assertEquals(message(["level=high"]), "Option level=high: allowed is one of backward, full");
  assertEquals(message(["nonsense"]), 'Override "nonsense"; allowed: name=value');
});
