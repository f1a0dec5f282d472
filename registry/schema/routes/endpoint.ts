/**
 * One endpoint of the registry as data: where it is, what it takes and answers. From it come the route, the same
 * route inside of a context (`/contexts/{context}/...`), the reading of its parameters and its page in the OpenAPI
 * document.
 */
import type { Decision, SchemaStore } from "../store/mod.ts";
import { errorCodes, RegistryError } from "../store/mod.ts";

/** How a query parameter is read. */
export type QueryType = "flag" | "integer" | "text" | "texts";

/** A query parameter. */
export interface QueryParameter {
  readonly type: QueryType;
  readonly doc: string;
}

/** What all endpoints state. */
interface EndpointShape {
  readonly method: "get" | "post" | "put" | "delete";
  /** With `{name}` for its parameters. */
  readonly path: string;
  /** A sentence. */
  readonly doc: string;
  readonly query?: Readonly<Record<string, QueryParameter>>;
  /** JSON Schema name of the body in the OpenAPI document; absent: it takes none. */
  readonly body?: BodyName;
  /** The answer in the OpenAPI document; default: an object. */
  readonly answer?: "object" | "list" | "text" | "integer" | "nothing";
  /** Of an answer that is no error; default: 200. */
  readonly status?: 200 | 207;
  /** Error codes beside 500 that it may answer. */
  readonly errors?: readonly number[];
  /** Whether `/contexts/{context}` may stand before it; default: it may. */
  readonly inContexts?: boolean;
}

/** Bodies that requests have. */
export type BodyName =
  | "schema"
  | "config"
  | "mode"
  | "association"
  | "associationGets"
  | "associationChanges";

/** An endpoint that answers from memory, on any instance. */
export interface ReadEndpoint extends EndpointShape {
  /** The answer: anything JSON can write, or {@linkcode PlainText}. */
  read(store: SchemaStore, request: EndpointRequest): unknown;
}

/** An endpoint that writes, on the primary instance. */
export interface WriteEndpoint extends EndpointShape {
  decide(store: SchemaStore, request: EndpointRequest): Decision<unknown>;
  /** Whether an instance that isn't primary may answer when there is nothing to write. */
  readonly mayNeedNoWrite?: boolean;
}

/** One part of a batch: decisions, made one after another. Throws RegistryError for what is no part. */
export type BatchPart = () => readonly ((store: SchemaStore) => Decision<unknown>)[];

/** An endpoint that writes several things on the primary instance, each of which may be refused by itself. */
export interface BatchEndpoint extends EndpointShape {
  parts(request: EndpointRequest): readonly BatchPart[];
}

/** Any endpoint. */
export type Endpoint = ReadEndpoint | WriteEndpoint | BatchEndpoint;

/** An answer that is a text itself, not JSON of one. */
export class PlainText {
  constructor(readonly text: string) {}
}

/** A request as an endpoint sees it. */
export interface EndpointRequest {
  /** A parameter of the path, decoded. */
  param(name: string): string;
  /** The subject of the path, inside of the context that the path names. */
  subject(): string;
  /** The id of the path: 0 and up, else 40403. */
  id(): number;
  /** The context that the path names, with its leading dot; null: none. */
  readonly context: string | null;
  /** A query parameter; each must be declared. */
  flag(name: string): boolean;
  integer(name: string, otherwise: number): number;
  text(name: string): string | null;
  texts(name: string): readonly string[];
  /** The JSON of the body. */
  readonly body: unknown;
  /** Whether unknown fields in nested objects may pass. */
  readonly lenient: boolean;
}

/** The texts that requests come with. */
export interface RequestTexts {
  param(name: string): string;
  queries(name: string): readonly string[];
  readonly context: string | null;
  readonly body: unknown;
  readonly lenient: boolean;
}

/** The highest id: ids are 32-bit integers. */
const ID_MAX = 2 ** 31 - 1;

/** Reads the parameters of a request as its endpoint declares them. Throws RegistryError 422 naming a bad one. */
export function endpointRequest(texts: RequestTexts): EndpointRequest {
  const { context } = texts;
  function only(name: string): string | null {
    return texts.queries(name).at(-1) ?? null;
  }
  return {
    context,
    body: texts.body,
    lenient: texts.lenient,
    param: texts.param,
    subject() {
      const subject = texts.param("subject");
      return context === null || subject.startsWith(":.") ? subject : `:${context}:${subject}`;
    },
    id() {
      const text = texts.param("id");
      const id = /^[0-9]{1,10}$/.test(text) ? Number(text) : -1;
      if (id >= 0 && id <= ID_MAX) return id;
      throw new RegistryError(
        errorCodes.SCHEMA_NOT_FOUND,
        `There is no schema of id ${shown(text)}`,
      );
    },
    flag(name) {
      const text = only(name)?.toLowerCase() ?? "false";
      if (text === "false") return false;
      if (text === "true" || text === "") return true;
      throw refused(name, text, "true or false");
    },
    integer(name, otherwise) {
      const text = only(name);
      if (text === null || text === "") return otherwise;
      const value = /^-?[0-9]{1,10}$/.test(text) ? Number(text) : NaN;
      if (value === (value | 0)) return value;
      throw refused(name, text, "an integer of 32 bits");
    },
    text: only,
    texts: (name) => texts.queries(name),
  };
}

function refused(name: string, text: string, allowed: string): RegistryError {
  return new RegistryError(
    errorCodes.UNPROCESSABLE,
    `Query parameter ${name} is ${shown(text)}; allowed: ${allowed}`,
  );
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text);
}
