import { errorCodes, incrementalAlterConfigs, make } from "../../protocol/mod.ts";
import { type AdminConnection, ApiError, failed } from "../admin/mod.ts";
import { UsageError } from "../command_error.ts";
import type { CommandIo } from "../io.ts";
import type { ConfigEntity } from "./config_entity.ts";
import { kindOf, nodeOf } from "./config_kind.ts";

const SET = 0;
const DELETE = 1;

/** `--alter` of anything but quotas. */
export async function alterAction(
  admin: AdminConnection,
  entity: ConfigEntity,
  added: ReadonlyMap<string, string>,
  deleted: readonly string[],
  io: CommandIo,
): Promise<number> {
  const kind = kindOf(entity.type);
  const name = entity.name ?? "";
  if (name === "" && entity.type !== "brokers") {
    throw new UsageError(`--alter of ${entity.type} needs --entity-name`);
  }
  const request = make(incrementalAlterConfigs.request, {
    resources: [{
      resourceType: kind.resourceType,
      resourceName: name,
      configs: [
        ...[...added].map(([name, value]) => ({ name, value, configOperation: SET })),
        ...deleted.map((name) => ({ name, value: null, configOperation: DELETE })),
      ],
    }],
  });
  const node = nodeOf(entity.type, name);
  const { responses } = node === null
    ? await admin.sendToController(
      incrementalAlterConfigs,
      request,
      ({ responses }) => responses.map(({ errorCode }) => errorCode),
    )
    : await admin.sendToNode(node, incrementalAlterConfigs, request);
  const { errorCode, errorMessage } = responses[0] ?? NO_ANSWER;
  if (errorCode !== errorCodes.NONE) {
    const what = name === "" ? "all brokers" : `${kind.noun} ${name}`;
    throw new ApiError(`Cannot change options of ${what}`, failed(errorCode, errorMessage));
  }
  const what = name === ""
    ? "default config for brokers in the cluster"
    : `config for ${kind.noun} ${name}`;
  await io.stdout.write(`Completed updating ${what}.\n`);
  return 0;
}

const NO_ANSWER = { errorCode: errorCodes.UNKNOWN_SERVER_ERROR, errorMessage: null };
