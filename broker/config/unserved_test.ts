import { assertEquals } from "@std/assert";
import { loadConfig } from "./load_config.ts";
import { unservedProblem } from "./unserved.ts";

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
