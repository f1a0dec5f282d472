import { assertEquals } from "@std/assert";
import { describeProblem } from "./config_problem.ts";
import { loadConfig } from "./load_config.ts";
import { unservedProblem } from "./unserved.ts";

async function refusal(...overrides: string[]): Promise<string> {
  const { config } = await loadConfig({ overrides });
  return describeProblem(unservedProblem(config)!);
}

async function optionRefused(...overrides: string[]): Promise<string | null> {
  const { config } = await loadConfig({ overrides });
  return unservedProblem(config)?.option ?? null;
}

Deno.test("unservedProblem() refuses what would be unsafe to leave out", async () => {
  assertEquals(await optionRefused(), null);
  assertEquals(
    await optionRefused(
      "listeners=SSL://localhost:1",
      "security.inter.broker.protocol=SSL",
      "listener.security.protocol.map=SSL:SSL,CONTROLLER:PLAINTEXT",
    ),
    "listeners",
  );
  assertEquals(
    await optionRefused(
      "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    ),
    "authorizer.class.name",
  );
  assertEquals(
    await optionRefused("remote.log.storage.system.enable=true"),
    "remote.log.storage.system.enable",
  );
  assertEquals(await optionRefused("process.roles=controller"), "process.roles");
  assertEquals(
    await optionRefused("controller.quorum.voters=1@a:1,2@b:1,3@c:1"),
    "controller.quorum.voters",
  );
});

Deno.test("unservedProblem() says what is not served yet", async () => {
  assertEquals(
    await refusal("authorizer.class.name=my.Authorizer"),
    "authorizer.class.name=my.Authorizer: authorizers are not served yet, allowed is to leave it out",
  );
  assertEquals(
    await refusal(
      "listeners=SSL://localhost:1",
      "security.inter.broker.protocol=SSL",
      "listener.security.protocol.map=SSL:SSL,CONTROLLER:PLAINTEXT",
    ),
    "listeners=SSL://localhost:1: TLS and SASL are not served yet, allowed is PLAINTEXT listeners",
  );
});
