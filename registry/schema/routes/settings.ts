/** `/config`, `/mode` and `/contexts`: what holds for all subjects, for those of a context, for one. */
import { checkContext, readConfigUpdate, readMode } from "../store/mod.ts";
import type { Endpoint, EndpointRequest } from "./endpoint.ts";
import { PAGING } from "./parameters.ts";

const DEFAULT_TO_GLOBAL = {
  defaultToGlobal: {
    type: "flag",
    doc: "Whether to tell what is in force where the subject sets nothing of its own.",
  },
} as const;

/** The scope of a path without a subject: all subjects, or those of the context that the path names. */
function topScope({ context }: EndpointRequest): string | null {
  return context === null ? null : `:${context}:`;
}

const configEndpoints: readonly Endpoint[] = [
  {
    method: "get",
    path: "/config",
    doc: "Tells the global config.",
    query: DEFAULT_TO_GLOBAL,
    read: (store, request) => store.config(topScope(request), { defaultToGlobal: true }),
  },
  {
    method: "put",
    path: "/config",
    doc: "Changes the global config; fields left out stay, null clears.",
    body: "config",
    errors: [422, 42203, 42205, 42210],
    decide: (store, request) =>
      store.decideSetConfig(topScope(request), readConfigUpdate(request.body, request.lenient)),
  },
  {
    method: "delete",
    path: "/config",
    doc: "Takes the global config back to the server's; answers what was.",
    errors: [42205],
    decide: (store, request) => store.decideDeleteConfig(topScope(request)),
  },
  {
    method: "get",
    path: "/config/{subject}",
    doc: "Tells a subject's own config.",
    query: DEFAULT_TO_GLOBAL,
    errors: [40408],
    read: (store, request) =>
      store.config(request.subject(), { defaultToGlobal: request.flag("defaultToGlobal") }),
  },
  {
    method: "put",
    path: "/config/{subject}",
    doc: "Changes a subject's config; fields left out stay, null clears.",
    body: "config",
    errors: [422, 42203, 42205, 42208, 42210],
    decide: (store, request) =>
      store.decideSetConfig(request.subject(), readConfigUpdate(request.body, request.lenient)),
  },
  {
    method: "delete",
    path: "/config/{subject}",
    doc: "Takes away a subject's config; answers what was.",
    errors: [40401, 42205],
    decide: (store, request) => store.decideDeleteConfig(request.subject()),
  },
];

const FORCE = {
  force: { type: "flag", doc: "Whether IMPORT is set although there are live subjects." },
} as const;
const RECURSIVE = {
  recursive: { type: "flag", doc: "Whether the modes of all subjects in it go too." },
} as const;

const modeEndpoints: readonly Endpoint[] = [
  {
    method: "get",
    path: "/mode",
    doc: "Tells the global mode.",
    query: DEFAULT_TO_GLOBAL,
    read: (store, request) => store.mode(topScope(request), { defaultToGlobal: true }),
  },
  {
    method: "put",
    path: "/mode",
    doc: "Sets the global mode.",
    query: FORCE,
    body: "mode",
    errors: [422, 42204, 42205],
    decide: (store, request) =>
      store.decideSetMode(topScope(request), readMode(request.body, request.lenient), {
        force: request.flag("force"),
      }),
  },
  {
    method: "delete",
    path: "/mode",
    doc: "Takes the global mode back to READWRITE; answers what was.",
    query: RECURSIVE,
    errors: [42205],
    decide: (store, request) =>
      store.decideDeleteMode(topScope(request), { recursive: request.flag("recursive") }),
  },
  {
    method: "get",
    path: "/mode/{subject}",
    doc: "Tells a subject's own mode.",
    query: DEFAULT_TO_GLOBAL,
    errors: [40409],
    read: (store, request) =>
      store.mode(request.subject(), { defaultToGlobal: request.flag("defaultToGlobal") }),
  },
  {
    method: "put",
    path: "/mode/{subject}",
    doc: "Sets a subject's mode.",
    query: FORCE,
    body: "mode",
    errors: [422, 42204, 42205, 42208],
    decide: (store, request) =>
      store.decideSetMode(request.subject(), readMode(request.body, request.lenient), {
        force: request.flag("force"),
      }),
  },
  {
    method: "delete",
    path: "/mode/{subject}",
    doc: "Takes away a subject's mode; answers what was.",
    query: RECURSIVE,
    errors: [40401, 42205],
    decide: (store, request) =>
      store.decideDeleteMode(request.subject(), { recursive: request.flag("recursive") }),
  },
];

const contextEndpoints: readonly Endpoint[] = [
  {
    method: "get",
    path: "/contexts",
    doc: "Lists contexts.",
    query: { contextPrefix: { type: "text", doc: "How they begin." }, ...PAGING },
    answer: "list",
    errors: [422],
    inContexts: false,
    read: (store, request) =>
      store.contexts({
        contextPrefix: request.text("contextPrefix") ?? "",
        offset: request.integer("offset", 0),
        limit: request.integer("limit", -1),
      }),
  },
  {
    method: "delete",
    path: "/contexts/{name}",
    doc: "Takes away a context that holds nothing.",
    answer: "nothing",
    errors: [400, 404, 42211],
    inContexts: false,
    decide: (store, request) => store.decideDeleteContext(checkContext(request.param("name"))),
  },
];

/** The endpoints. */
export const settingEndpoints: readonly Endpoint[] = [
  ...configEndpoints,
  ...modeEndpoints,
  ...contextEndpoints,
];
