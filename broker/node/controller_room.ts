import { type ControllerDriver, ControllerError } from "../controller/mod.ts";
import { type ControllerRoom, RequestError } from "../handlers/mod.ts";
import type { MetadataFollower } from "./metadata_follower.ts";

/**
 * The node's own controller as handlers reach it: what it can't take up becomes a RequestError, and an
 * answer comes when this node has followed, so that a topic can be used once its creation is answered.
 */
export function controllerRoom(
  controller: ControllerDriver,
  follower: MetadataFollower,
): ControllerRoom {
  return {
    async submit(api, request, { version }) {
      try {
        const response = await controller.submit(api, request, { version });
        await follower.settled();
        return response;
      } catch (error) {
        if (!(error instanceof ControllerError)) throw error;
        throw new RequestError(error.errorCode, error.message);
      }
    },
  };
}
