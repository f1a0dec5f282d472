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
  const formerNames = { "old.level": "level" };
  const rules = { table: TABLE, environmentPrefix: "SR_", passedOn: ["client."], formerNames };
  return readSettings(rules, inputs);
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

Deno.test("a former name counts where the present one is not given", () => {
  const old = read({ environment: { SR_OLD_LEVEL: "full" } });
  assertEquals(old.settings.level, "full");
  assertEquals(old.warnings, ["Option old.level is called level now"]);
  const both = read({ properties: "level=full", overrides: ["old.level=backward"] });
  assertEquals(both.settings.level, "full");
});

Deno.test("a secret that is not allowed is not shown", () => {
  const table = { "key.password": { ...secret("Password."), parse: () => null } };
  const rules = { table, environmentPrefix: "SR_", passedOn: [] };
  const error = assertThrows(
    () => readSettings(rules, { overrides: ["key.password=hunter2"] }),
    SettingsError,
  );
  assertEquals(error.message, "Option key.password=(hidden): allowed is any text");
});

Deno.test("variables are spelled as container images do: _ is a dot, __ an underscore, ___ a dash", () => {
  const table = { "a.b_c-d": text("", "Odd.") };
  const rules = { table, environmentPrefix: "KAFKA_REST_", passedOn: [] };
  const { settings } = readSettings(rules, { environment: { KAFKA_REST_A_B__C___D: "x" } });
  assertEquals(settings["a.b_c-d"], "x");
});

Deno.test("properties may be written in every way of their format", () => {
  const properties =
    "# a\n! b\nhost.name : a\\\n  b\nport 7\nlisteners=a, b ,,c\n\nkey.password=\\u00e4=\n";
  const { settings, warnings } = read({ properties });
  assertEquals([settings["host.name"], settings.port], ["ab", 7]);
  assertEquals(settings.listeners, ["a", "b", "c"]);
  assertEquals(settings["key.password"], "ä=");
  assertEquals(warnings, []);
});

Deno.test("names that every object has are unknown like others", () => {
  const { warnings } = read({ overrides: ["constructor=1", "__proto__=2", "toString=3"] });
  assertEquals(warnings.length, 3);
});

Deno.test("numbers are whole and within bounds", () => {
  for (const bad of ["", "1.5", "0x10", "1e3", "-1", "99999999999999999999", " ", "NaN"]) {
    assertThrows(() => read({ overrides: [`port=${bad}`] }), SettingsError);
  }
  assertEquals(read({ overrides: ["port= 007 "] }).settings.port, 7);
});
