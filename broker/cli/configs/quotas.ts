import { alterClientQuotas, describeClientQuotas, errorCodes, make } from "../../protocol/mod.ts";
import { type AdminConnection, ApiError, failed } from "../admin/mod.ts";
import { CommandError, UsageError } from "../command_error.ts";
import type { ConfigEntity } from "./config_entity.ts";
import type { CommandIo } from "../io.ts";

const COMPONENTS: Readonly<Record<string, { readonly type: string; readonly noun: string }>> = {
  users: { type: "user", noun: "user-principal" },
  clients: { type: "client-id", noun: "client-id" },
  ips: { type: "ip", noun: "ip" },
};

const EXACT = 0;
const DEFAULT = 1;
const ANY = 2;

/** Tells the quotas of users, client ids or addresses. */
export async function describeQuotas(
  admin: AdminConnection,
  entities: readonly ConfigEntity[],
  options: { readonly json: boolean },
  io: CommandIo,
): Promise<number> {
  checkServed(admin, describeClientQuotas, "describe");
  const answer = await admin.send(
    describeClientQuotas,
    make(describeClientQuotas.request, {
      components: entities.map(({ type, name }) => ({
        entityType: componentOf(type).type,
        matchType: name === null ? ANY : name === "" ? DEFAULT : EXACT,
        match: name === null || name === "" ? null : name,
      })),
      strict: true,
    }),
  );
  if (answer.errorCode !== errorCodes.NONE) {
    throw new ApiError("Cannot describe quotas", failed(answer.errorCode, answer.errorMessage));
  }
  const entries = answer.entries ?? [];
  if (options.json) {
    const quotas = entries.map(({ entity, values }) => ({
      entity: Object.fromEntries(entity.map((part) => [part.entityType, part.entityName])),
      quotas: Object.fromEntries(values.map(({ key, value }) => [key, value])),
    }));
    await io.stdout.write(`${JSON.stringify(quotas)}\n`);
    return 0;
  }
  for (const { entity, values } of entries) {
    const whose = entity.map(({ entityType, entityName }) => {
      const noun = Object.values(COMPONENTS).find(({ type }) => type === entityType)?.noun;
      return entityName === null ? `the default ${noun}` : `${noun} '${entityName}'`;
    });
    const quotas = values.map(({ key, value }) =>
      `${key}=${Number.isInteger(value) ? value.toFixed(1) : value}`
    );
    await io.stdout.write(`Quota configs for ${whose.join(", ")} are ${quotas.join(", ")}\n`);
  }
  return 0;
}

/** Sets and takes away quotas of a user, client id or address. */
export async function alterQuotas(
  admin: AdminConnection,
  entities: readonly ConfigEntity[],
  added: ReadonlyMap<string, string>,
  deleted: readonly string[],
  io: CommandIo,
): Promise<number> {
  const ops = [
    ...[...added].map(([key, text]) => ({ key, value: quotaOf(key, text), remove: false })),
    ...deleted.map((key) => ({ key: checked(key), value: 0, remove: true })),
  ];
  const request = make(alterClientQuotas.request, {
    entries: [{
      entity: entities.map(({ type, name }) => ({
        entityType: componentOf(type).type,
        entityName: name === "" ? null : name,
      })),
      ops,
    }],
  });
  checkServed(admin, alterClientQuotas, "change");
  const { entries } = await admin.sendToController(
    alterClientQuotas,
    request,
    ({ entries }) => entries.map(({ errorCode }) => errorCode),
  );
  const whose = entities.map(({ type, name }) => `${type.slice(0, -1)} ${name}`).join(", ");
  const refused = entries.find(({ errorCode }) => errorCode !== errorCodes.NONE);
  if (refused !== undefined) {
    const { errorCode, errorMessage } = refused;
    throw new ApiError(`Cannot change quotas of ${whose}`, failed(errorCode, errorMessage));
  }
  await io.stdout.write(`Completed updating config for ${whose}.\n`);
  return 0;
}

/** Throws a CommandError where the cluster keeps no quotas. */
function checkServed(
  admin: AdminConnection,
  api: typeof describeClientQuotas | typeof alterClientQuotas,
  verb: string,
): void {
  if (admin.serves(api)) return;
  throw new CommandError(
    `Cannot ${verb} quotas: the broker at ${admin.address} serves no quotas; kafkats does not yet`,
  );
}

function quotaOf(key: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new UsageError(`--add-config ${checked(key)}=${text}: allowed is a number`);
  }
  return value;
}

function checked(key: string): string {
  if (!key.startsWith("SCRAM-")) return key;
  throw new CommandError(`${key}: this version of kafkats stores no SCRAM credentials`);
}

function componentOf(type: string): { readonly type: string; readonly noun: string } {
  const component = COMPONENTS[type];
  if (component === undefined) throw new UsageError(`${type} have no quotas`);
  return component;
}
