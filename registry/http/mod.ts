/**
 * What the HTTP services share: a server on node:http (which keeps the body of a GET), an app whose errors all
 * have one form, reading of bodies within limits, content negotiation, and what runs before every route: request
 * ids, the access log, CORS, users and roles, rate limits, compression, metrics, health, documentation.
 */
export {
  type App,
  type AppEnv,
  type AppLogger,
  type AppOptions,
  createApp,
  type Middleware,
} from "./app.ts";
export { BODY_BYTES_MAX, bodyChunks, parseJson, readBody, readJson } from "./body.ts";
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
export {
  type RunningService,
  runService,
  type ServiceInputs,
  type ServiceLogger,
} from "./service.ts";
export { addBasics, type BasicsOptions, type HttpSettings, isSafe, tlsOf } from "./basics.ts";
export { type DocsOptions } from "./docs.ts";
export { type Gauge, Metrics } from "./metrics.ts";
export { HTTP_OPTIONS } from "./options.ts";
export { hashPassword, type Principal, type Role } from "./passwords.ts";
export { acceptWebSocket, isWebSocketRequest } from "./web_socket.ts";
