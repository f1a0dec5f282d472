import { HttpError, shown } from "../../http/mod.ts";
import type { RestContext } from "../context.ts";

/** The id that a path names, if it is the cluster's. Throws 404. */
export async function checkedClusterId({ client }: RestContext, named: string): Promise<string> {
  const { clusterId } = await client.metadata([]);
  if (clusterId === named) return named;
  throw new HttpError(404, 404, `There is no cluster ${shown(named)} here`);
}
