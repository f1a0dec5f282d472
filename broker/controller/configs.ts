import {
  type AlterConfigsRequest,
  type AlterConfigsResponse,
  errorCodes,
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
} from "../protocol/mod.ts";
import {
  cordonedDirectoriesSupported,
  type MetadataRecord,
  metadataRecord,
  metadataVersionOf,
  RESOURCE_BROKER,
  RESOURCE_CLIENT_METRICS,
  RESOURCE_GROUP,
  RESOURCE_TOPIC,
} from "../metadata/mod.ts";
import { type ApiError, NO_ERROR, refusal, refusalWithoutText } from "./api_error.ts";
import { answer, atomic, type ControllerResult, RECORDS_PER_REQUEST_MAX } from "./result.ts";
import { type ControllerView, elrEnabled } from "./view.ts";

const MIN_INSYNC_REPLICAS = "min.insync.replicas";
const CORDONED_LOG_DIRS = "cordoned.log.dirs";
/** The longest value, in UTF-16 units (Kafka's limit). */
const VALUE_LENGTH_MAX = 32_767;

const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

/** What a configuration belongs to. */
export interface ConfigResource {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** A value to set; null deletes it. */
export interface ConfigValue {
  readonly name: string;
  readonly value: string | null;
}

/** The records of a change to one resource, or why it is refused. */
export type Altered =
  | { readonly ok: true; readonly records: MetadataRecord[] }
  | { readonly ok: false; readonly error: ApiError };

/** IncrementalAlterConfigs (KIP-339): sets, deletes, and adds to or takes from lists. */
export function incrementalAlterConfigs(
  view: ControllerView,
  request: IncrementalAlterConfigsRequest,
): ControllerResult<IncrementalAlterConfigsResponse> {
  return alterResources(request, (resource) => {
    const values: ConfigValue[] = [];
    for (const { name, configOperation, value } of resource.configs) {
      if (value === null && configOperation !== DELETE) return nullValue(name);
      const changed = changedValue(view, resource, { name, configOperation, value });
      if ("errorCode" in changed) return { ok: false, error: changed };
      values.push({ name, value: changed.value });
    }
    return alterResource(view, resource, values);
  });
}

/** AlterConfigs: the values given become the whole configuration of their resource. */
export function alterConfigs(
  view: ControllerView,
  request: AlterConfigsRequest,
): ControllerResult<AlterConfigsResponse> {
  return alterResources(request, (resource) => {
    const missing = resource.configs.find(({ value }) => value === null);
    if (missing !== undefined) return nullValue(missing.name);
    const given = new Set(resource.configs.map(({ name }) => name));
    const present = view.image.configs.get(resource.resourceType, resource.resourceName);
    const dropped = [...present.keys()].filter((name) => !given.has(name));
    return alterResource(view, resource, [
      ...resource.configs,
      ...dropped.map((name) => ({ name, value: null })),
    ]);
  });
}

/**
 * The ConfigRecords that give a resource new values, once all of them together are found valid. Values
 * that stay are left out, but for brokers, which reload what a value names, such as a key store.
 */
export function alterResource(
  view: ControllerView,
  { resourceType, resourceName }: ConfigResource,
  values: readonly ConfigValue[],
  { isNew = false } = {},
): Altered {
  const refuse = (error: ApiError): Altered => ({ ok: false, error });
  const present = view.image.configs.get(resourceType, resourceName);
  const all = new Map(present);
  const records: MetadataRecord[] = [];
  for (const { name, value } of values) {
    if ((present.get(name) ?? null) === value && resourceType !== RESOURCE_BROKER) continue;
    const error = refuseValue(view, { resourceType, resourceName }, { name, value });
    if (error !== null) return refuse(error);
    value === null ? all.delete(name) : all.set(name, value);
    records.push(
      metadataRecord("ConfigRecord", 0, { resourceType, resourceName, name, value }),
    );
  }
  const resource = { resourceType, resourceName };
  const error = view.rules.validate(resource, all, present) ??
    (isNew ? null : refuseMissing(view, resource));
  if (error !== null) return refuse(error);
  const changed = records.some(({ value }) => (value as ConfigValue).name === MIN_INSYNC_REPLICAS);
  if (changed && elrEnabled(view.image)) records.push(clearElrRecord(resource));
  return { ok: true, records };
}

type RequestedResource = ConfigResource & {
  readonly configs: readonly { readonly name: string }[];
};

function alterResources<R extends RequestedResource>(
  { resources, validateOnly }: {
    readonly resources: readonly R[];
    readonly validateOnly: boolean;
  },
  alter: (resource: R) => Altered,
): ControllerResult<IncrementalAlterConfigsResponse> {
  const count = new Map<string, number>();
  const keyOf = (resource: R) => `${resource.resourceType}:${resource.resourceName}`;
  for (const resource of resources) {
    count.set(keyOf(resource), (count.get(keyOf(resource)) ?? 0) + 1);
  }
  const records: MetadataRecord[] = [];
  const responses = resources.map((resource) => {
    const { resourceType, resourceName } = resource;
    const error = count.get(keyOf(resource))! > 1
      ? refusal(errorCodes.INVALID_REQUEST, `${resourceName} is named twice.`)
      : refuseResource(resource);
    const altered: Altered = error === null ? alter(resource) : { ok: false, error };
    if (altered.ok) records.push(...altered.records);
    return { ...(altered.ok ? NO_ERROR : altered.error), resourceType, resourceName };
  });
  if (records.length > RECORDS_PER_REQUEST_MAX) {
    const reason = `The request makes ${records.length} records, ` +
      `at most ${RECORDS_PER_REQUEST_MAX} are allowed.`;
    const error = refusal(errorCodes.POLICY_VIOLATION, reason);
    return answer({
      throttleTimeMs: 0,
      responses: responses.map((response) => ({ ...response, ...error })),
    });
  }
  const response = { throttleTimeMs: 0, responses };
  return validateOnly ? answer(response) : atomic(records, response);
}

function refuseResource({ resourceType, resourceName, configs }: RequestedResource) {
  const invalid = (reason: string) => refusal(errorCodes.INVALID_REQUEST, reason);
  const names = configs.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return invalid(`${twice} is given twice.`);
  switch (resourceType) {
    case RESOURCE_TOPIC:
    case RESOURCE_CLIENT_METRICS:
    case RESOURCE_GROUP:
      return null;
    case RESOURCE_BROKER:
      if (resourceName === "" || /^\d{1,10}$/.test(resourceName)) return null;
      return invalid(`"${resourceName}" is no broker id: a whole number is expected.`);
    default:
      return invalid(`Resources of type ${resourceType} are not kept by the controller.`);
  }
}

function nullValue(name: string): Altered {
  return { ok: false, error: refusal(errorCodes.INVALID_REQUEST, `${name} can't be null.`) };
}

function changedValue(
  view: ControllerView,
  { resourceType, resourceName }: ConfigResource,
  { name, configOperation, value }: ConfigValue & { readonly configOperation: number },
): { readonly value: string | null } | ApiError {
  switch (configOperation) {
    case SET:
      return { value };
    case DELETE:
      return { value: null };
    case APPEND:
    case SUBTRACT: {
      if (!view.rules.isList(resourceType, name)) {
        return refusal(errorCodes.INVALID_CONFIG, `${name} is no list that could be changed so.`);
      }
      const present = view.image.configs.get(resourceType, resourceName).get(name) ??
        view.rules.defaultValue(resourceType, name) ?? "";
      const items = present.split(",").filter((item) => item !== "");
      const given = value!.split(",");
      const changed = configOperation === APPEND
        ? [...new Set([...items, ...given])]
        : items.filter((item) => !given.includes(item));
      return { value: changed.join(",") };
    }
    default:
      // Kafka knows no other operations and fails on them without a word.
      return refusalWithoutText(errorCodes.UNKNOWN_SERVER_ERROR);
  }
}

function refuseValue(
  { image }: ControllerView,
  { resourceType, resourceName }: ConfigResource,
  { name, value }: ConfigValue,
): ApiError | null {
  const invalid = (reason: string) => refusal(errorCodes.INVALID_CONFIG, reason);
  if (value !== null && value.length > VALUE_LENGTH_MAX) {
    return invalid(
      `The value of ${name} is ${value.length} characters long, ` +
        `at most ${VALUE_LENGTH_MAX} are allowed.`,
    );
  }
  if (resourceType !== RESOURCE_BROKER) return null;
  if (name === CORDONED_LOG_DIRS && !cordonedDirectoriesSupported(metadataVersionOf(image))) {
    return invalid(`${name} needs metadata.version 30 or higher.`);
  }
  if (name !== MIN_INSYNC_REPLICAS || !elrEnabled(image)) return null;
  // Which replicas are eligible must not depend on the broker that asks (KIP-966).
  if (resourceName !== "") {
    return invalid(`${name} can't be set for one broker while eligible leaders are kept.`);
  }
  if (value === null) {
    return invalid(`The cluster's ${name} can't be removed while eligible leaders are kept.`);
  }
  return null;
}

function refuseMissing(
  view: ControllerView,
  { resourceType, resourceName }: ConfigResource,
): ApiError | null {
  if (resourceType === RESOURCE_TOPIC && view.image.topics.byName(resourceName) === undefined) {
    return refusal(
      errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
      `There is no topic ${resourceName}.`,
    );
  }
  if (resourceType !== RESOURCE_BROKER || resourceName === "") return null;
  const id = Number(resourceName);
  if (view.image.brokers.has(id) || view.settings.quorumNodeIds.includes(id)) return null;
  return refusal(errorCodes.BROKER_ID_NOT_REGISTERED, `There is no node ${id}.`);
}

/** Who is an eligible leader depends on `min.insync.replicas`, so its change starts that afresh. */
function clearElrRecord({ resourceType, resourceName }: ConfigResource): MetadataRecord {
  const topicName = resourceType === RESOURCE_TOPIC ? resourceName : "";
  return metadataRecord("ClearElrRecord", 0, { topicName });
}
