/** Endpoints as routes of an app, each also inside of a context, and as paths of its OpenAPI document. */
import type { Context } from "hono";
import {
  type App,
  type AppEnv,
  checkContentType,
  HttpError,
  negotiate,
  parseJson,
  readBody,
} from "../../http/mod.ts";
import { forward, FORWARD_HEADER, POSITION_HEADER } from "../forwarding.ts";
import type { Instance } from "../instance.ts";
import { checkContext, errorCodes, RegistryError, type SchemaStore } from "../store/mod.ts";
import { describeEndpoint } from "./describe.ts";
import { associationEndpoints } from "./associations.ts";
import { type BatchResult, resultOf } from "./batch.ts";
import {
  type BatchEndpoint,
  type Endpoint,
  type EndpointRequest,
  endpointRequest,
  PlainText,
  type WriteEndpoint,
} from "./endpoint.ts";
import { schemaEndpoints } from "./schemas.ts";
import { settingEndpoints } from "./settings.ts";
import { compatibilityEndpoints, subjectEndpoints } from "./subjects.ts";

/** What routes stand on. */
export interface RouteOptions {
  readonly store: SchemaStore;
  readonly instance: Instance;
  /** How long the primary may take for a request that is handed on. */
  readonly forwardTimeoutMs: number;
  readonly bodyBytesMax: number;
  /** The longest text of a schema, in characters: parsing a longer one would hold everybody up. */
  readonly schemaLengthMax: number;
}

/** The types that answers may have, the preferred first. */
export const ANSWER_TYPES = [
  "application/vnd.schemaregistry.v1+json",
  "application/vnd.schemaregistry+json",
  "application/json",
] as const;

const BODY_TYPES = [...ANSWER_TYPES, "application/octet-stream"];
const LENIENT_HEADER = "Confluent-Accept-Unknown-Properties";

const endpoints: readonly Endpoint[] = [
  ...schemaEndpoints,
  ...subjectEndpoints,
  ...compatibilityEndpoints,
  ...settingEndpoints,
  ...associationEndpoints,
];

/** Puts every endpoint into the app. */
export function mountEndpoints(app: App, options: RouteOptions): void {
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(/\{(\w+)\}/g, ":$1");
    const method = endpoint.method.toUpperCase();
    const serve = (c: Context<AppEnv>) => new Exchange(c, endpoint, options).serve();
    app.on(method, path, serve);
    if (endpoint.inContexts !== false) app.on(method, `/contexts/:context${path}`, serve);
    app.openAPIRegistry.registerPath(describeEndpoint(endpoint));
  }
}

const NO_BODY = new Uint8Array(0);

/** One request and its answer. */
class Exchange {
  readonly #c: Context<AppEnv>;
  readonly #endpoint: Endpoint;
  readonly #options: RouteOptions;
  #body: Uint8Array = NO_BODY;

  constructor(c: Context<AppEnv>, endpoint: Endpoint, options: RouteOptions) {
    this.#c = c;
    this.#endpoint = endpoint;
    this.#options = options;
  }

  async serve(): Promise<Response> {
    const endpoint = this.#endpoint;
    const type = negotiate(this.#c.req.header("Accept") ?? null, ANSWER_TYPES);
    const request = await this.#request();
    if ("read" in endpoint) return this.#answer(endpoint.read(this.#options.store, request), type);
    if ("parts" in endpoint) return await this.#writeEach(endpoint, request, type);
    return await this.#write(endpoint, request, type);
  }

  async #write(endpoint: WriteEndpoint, request: EndpointRequest, type: string): Promise<Response> {
    const { store, instance } = this.#options;
    if (endpoint.mayNeedNoWrite === true) {
      const { records, result } = endpoint.decide(store, request);
      if (records.length === 0) return this.#answer(result, type);
    }
    return await this.#onPrimary(async () =>
      this.#answer(await instance.write(() => endpoint.decide(store, request)), type)
    );
  }

  /** Each part by itself: one that is refused leaves the others alone. */
  async #writeEach(endpoint: BatchEndpoint, request: EndpointRequest, type: string) {
    const { store, instance } = this.#options;
    const parts = endpoint.parts(request);
    return await this.#onPrimary(async () => {
      const results: BatchResult[] = [];
      for (const part of parts) {
        results.push(await resultOf((decide) => instance.write(() => decide(store)), part));
      }
      return this.#answer({ results }, type);
    });
  }

  async #onPrimary(write: () => Promise<Response>): Promise<Response> {
    const { instance, forwardTimeoutMs } = this.#options;
    const isForwarded = this.#c.req.header(FORWARD_HEADER) !== undefined;
    const primary = await instance.electedPrimary();
    if (primary.isSelf) {
      if (!isForwarded) return await write();
      const answer = await write();
      answer.headers.set(POSITION_HEADER, String(instance.position));
      return answer;
    }
    if (isForwarded) {
      throw new RegistryError(errorCodes.NO_LEADER, "The instance that takes writes changes now");
    }
    const { answer, position } = await forward(
      this.#c,
      primary.url,
      this.#body,
      { timeoutMs: forwardTimeoutMs, replaced: instance.replaced },
    );
    await instance.catchUpTo(position);
    return answer;
  }

  #answer(value: unknown, type: string): Response {
    const { answer, status = 200 } = this.#endpoint;
    if (answer === "nothing") return this.#c.newResponse(null, 204);
    const text = value instanceof PlainText ? value.text : JSON.stringify(value);
    return this.#c.newResponse(text, status, { "Content-Type": type });
  }

  async #request(): Promise<EndpointRequest> {
    const c = this.#c;
    const context = c.req.param("context");
    return endpointRequest({
      context: context === undefined ? null : checkContext(context),
      param: (name) => c.req.param(name) ?? "",
      queries: (name) => c.req.queries(name) ?? [],
      body: this.#endpoint.body === undefined ? null : await this.#readBody(),
      lenient: c.req.header(LENIENT_HEADER) === "true",
    });
  }

  async #readBody(): Promise<unknown> {
    checkContentType(this.#c.req.header("Content-Type") ?? null, BODY_TYPES);
    this.#body = await readBody(this.#c, this.#options.bodyBytesMax);
    if (this.#body.length === 0) throw new HttpError(422, 422, "The request needs a body");
    const body = parseJson(this.#body);
    checkLengths(body, this.#options.schemaLengthMax);
    return body;
  }
}

function checkLengths(body: unknown, max: number): void {
  for (const text of schemaTexts(body)) {
    if (text.length <= max) continue;
    throw new RegistryError(
      errorCodes.SCHEMA_TOO_LARGE,
      `The schema has ${text.length} characters; allowed: ${max}`,
    );
  }
}

/** The texts of schemas in a body, wherever bodies have some. */
function* schemaTexts(json: unknown): Generator<string> {
  if (typeof json !== "object" || json === null) return;
  const { schema, associations, requests } = json as Record<string, unknown>;
  if (typeof schema === "string") yield schema;
  else yield* schemaTexts(schema);
  for (const list of [associations, requests]) {
    if (Array.isArray(list)) { for (const item of list) yield* schemaTexts(item); }
  }
}
