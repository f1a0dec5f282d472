import type { Context } from "hono";
import type { AppEnv } from "../http/mod.ts";
import type { RestOptions } from "./settings.ts";

/**
 * `scheme://host[:port]` as answers name the proxy: the advertised listener of the request's scheme, or the
 * configured host, or the address that the request came to.
 */
export function requestBaseUrl(c: Context<AppEnv>, settings: RestOptions): string {
  const url = c.req.url;
  const hostStart = url.indexOf("://") + 3;
  const scheme = url.slice(0, hostStart);
  const advertised = settings["advertised.listeners"].find((one) => one.startsWith(scheme));
  if (advertised !== undefined) return advertised.replace(/\/+$/, "");
  const hostName = settings["host.name"];
  if (hostName !== "") {
    const host = hostName.includes(":") && !hostName.startsWith("[") ? `[${hostName}]` : hostName;
    return `${scheme}${host}:${c.env.incoming.socket.localPort}`;
  }
  const end = url.indexOf("/", hostStart);
  return end < 0 ? url : url.slice(0, end);
}
