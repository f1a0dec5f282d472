/** Calls on the cluster of a test's world. */
import { assertEquals } from "@std/assert";
import { type Ask, type RestWorld, type Told } from "../../testing/rest_world_test.ts";

const JSON_TYPE = "application/json";

/** Calls below the cluster of a world. */
export class Cluster {
  readonly world: RestWorld;
  readonly path: string;

  private constructor(world: RestWorld, id: string) {
    this.world = world;
    this.path = `/v3/clusters/${id}`;
  }

  static async of(world: RestWorld): Promise<Cluster> {
    const { json } = await world.ask("GET", "/v3/clusters");
    return new Cluster(world, json.data[0].cluster_id);
  }

  ask(method: string, path: string, body?: unknown): Promise<Told> {
    const ask: Ask = body === undefined ? {} : { body, type: JSON_TYPE };
    return this.world.ask(method, `${this.path}${path}`, ask);
  }

  async is(status: number, method: string, path: string, body?: unknown) {
    const told = await this.ask(method, path, body);
    assertEquals(told.status, status, `${method} ${path}: ${JSON.stringify(told.json)}`);
    return told.json;
  }

  refused(codes: readonly [number, number], method: string, path: string, body?: unknown) {
    const ask: Ask = body === undefined ? {} : { body, type: JSON_TYPE };
    return this.world.refused(method, `${this.path}${path}`, codes, ask);
  }
}
