import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readSettings } from "../settings/mod.ts";
import { HTTP_OPTIONS, tlsOf } from "./mod.ts";
import { serving, temporaryFile } from "./harness_test.ts";

/** Of nobody: made for these tests, for localhost; what signed them is thrown away. */
const AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBezCCASGgAwIBAgIUI7jflJ30XCWrsRRc/9G50wJeQSYwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHdGVzdCBjYTAgFw0yNjExMjUwNzQ0NTJaGA8yMTI2MTEwMTA3
NDQ1MlowEjEQMA4GA1UEAwwHdGVzdCBjYTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABGwrAC085bXiblVZf2Olpt/7SccrCwfoZZK75GD1oOwwM7G0bN2+6Y6vz01B
oHXDhEc5q0qCo4DZOUrisvQXQ8KjUzBRMB0GA1UdDgQWBBR8+R46tY9RHT/hZKtZ
BfAm9F7iRzAfBgNVHSMEGDAWgBR8+R46tY9RHT/hZKtZBfAm9F7iRzAPBgNVHRMB
Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCMp/WARCXUavSM0a2+bPeLF+1c
rRS6j1C7D8tC8ZkgcgIgP1kY+RADNlOZNFwHzHGmeR8EekSpTaK6ouDZ4lzWHR8=
-----END CERTIFICATE-----
`;
const CERT = `-----BEGIN CERTIFICATE-----
MIIBszCCAVqgAwIBAgIURAjk6zUo+sckx6A9lM8yPB8tOuYwCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHdGVzdCBjYTAgFw0yNjExMjUwNzQ0NTJaGA8yMTI2MTEwMTA3
NDQ1MlowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAE2aflEuxDauB0UHGpAZJI2kh7bLHtdZsnO+9J6JhdlBX2tGVf9C6OaZ19
M/z8maQtowXfXR21A4rSDhCkx6ssxKOBiTCBhjAaBgNVHREEEzARgglsb2NhbGhv
c3SHBH8AAAEwCQYDVR0TBAIwADAdBgNVHSUEFjAUBggrBgEFBQcDAQYIKwYBBQUH
AwIwHQYDVR0OBBYEFJBe043NYJmqmCBRBNHJLd2U0ABGMB8GA1UdIwQYMBaAFHz5
Hjq1j1EdP+Fkq1kF8Cb0XuJHMAoGCCqGSM49BAMCA0cAMEQCIDk91bojZWIkCm0p
bg4jAbEFJOoTWhroF8q383+6qUtZAiBJdJqXTGyfbRsWTbIOef0XJ8m1WKvA6z/B
86vKSHvySw==
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgp9ttJdBrl6BkgI8b
9wPTlrHvkaT9+6P2JC++TtOb2EehRANCAATZp+US7ENq4HRQcakBkkjaSHtsse11
myc770nomF2UFfa0ZV/0Lo5pnX0z/PyZpC2jBd9dHbUDitIOEKTHqyzE
-----END PRIVATE KEY-----
`;

function settingsOf(overrides: readonly string[]) {
  const table = { table: HTTP_OPTIONS, environmentPrefix: "X_", passedOn: [] };
  return readSettings(table, { overrides }).settings;
}

function routes(app: Parameters<Parameters<typeof serving>[0]>[0]): void {
  app.get("/thing", (c) => c.json({ url: c.req.url.split(":")[0] }));
}

Deno.test("an https listener serves with the certificate and key of the settings", async () => {
  await using both = await temporaryFile(`${CERT}${KEY}`);
  const tls = tlsOf(settingsOf([`ssl.keystore.location=${both.path}`]))!;
  await using server = await serving(routes, { scheme: "https", server: { tls } });
  using client = Deno.createHttpClient({ caCerts: [AUTHORITY] });
  const response = await fetch(`${server.url}/thing`, { client });
  assertEquals(await response.json(), { url: "https" });
});

Deno.test("where clients must show a certificate, one without is turned away", async () => {
  await using cert = await temporaryFile(CERT);
  await using key = await temporaryFile(KEY);
  await using authority = await temporaryFile(AUTHORITY);
  const tls = tlsOf(settingsOf([
    `ssl.keystore.location=${cert.path}`,
    `ssl.keystore.key=${key.path}`,
    `ssl.truststore.location=${authority.path}`,
    "ssl.client.authentication=REQUIRED",
  ]))!;
  await using server = await serving(routes, { scheme: "https", server: { tls } });
  using stranger = Deno.createHttpClient({ caCerts: [AUTHORITY] });
  await assertRejects(() => fetch(`${server.url}/thing`, { client: stranger }), TypeError);
  using known = Deno.createHttpClient({ caCerts: [AUTHORITY], cert: CERT, key: KEY });
  const response = await fetch(`${server.url}/thing`, { client: known });
  assertEquals(await response.json(), { url: "https" });
});

Deno.test("tlsOf() is null without a certificate, and names the option that is wrong", async () => {
  assertEquals(tlsOf(settingsOf([])), null);
  await using cert = await temporaryFile(CERT);
  const messageOf = (overrides: string[]) =>
    assertThrows(() => tlsOf(settingsOf(overrides)), Error).message;
  assertEquals(
    messageOf(["ssl.keystore.location=/nowhere.pem"]),
    "Cannot read ssl.keystore.location=/nowhere.pem: no such file",
  );
  assertEquals(
    messageOf([`ssl.keystore.location=${cert.path}`, "ssl.client.authentication=REQUIRED"]),
    "ssl.client.authentication=REQUIRED needs ssl.truststore.location",
  );
  assertEquals(
    tlsOf(settingsOf([`ssl.keystore.location=${cert.path}`, `ssl.keystore.key=${KEY}`]))!.key,
    KEY.trim(),
  );
});
