import { type ControllerDriver, ControllerError } from "../controller/mod.ts";
import { type ControllerRoom, RequestError } from "../handlers/mod.ts";

/** The node's own controller as handlers reach it: what it can't take up becomes a RequestError. */
export function controllerRoom(controller: ControllerDriver): ControllerRoom {
  return {
    async submit(api, request, { version }) {
      try {
        return await controller.submit(api, request, { version });
      } catch (error) {
        if (!(error instanceof ControllerError)) throw error;
        throw new RequestError(error.errorCode, error.message);
      }
    },
  };
}
