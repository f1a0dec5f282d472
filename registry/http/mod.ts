/**
 * What the HTTP services share: a server on node:http (which keeps the body of a GET), an app whose errors all
 * have one form, reading of bodies within limits, content negotiation.
 */
export {
  type App,
  type AppEnv,
  type AppLogger,
  type AppOptions,
  createApp,
  type Middleware,
} from "./app.ts";
export { BODY_BYTES_MAX, bodyChunks, readBody, readJson } from "./body.ts";
export { HttpError, shown } from "./http_error.ts";
export { checkContentType, mediaType, negotiate } from "./negotiate.ts";
export {
  type HttpListener,
  type HttpServerOptions,
  type HttpTls,
  parseHttpListener,
  type RunningHttp,
  startHttp,
} from "./server.ts";
export type { RunningService, ServiceInputs, ServiceLogger } from "./service.ts";
