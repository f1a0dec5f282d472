import { errorCodes } from "../protocol/errors.ts";

/** A refusal to change options: error code of the protocol, and a sentence where Kafka gives one. */
export interface ConfigRefusal {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** A refusal with INVALID_REQUEST. */
export function invalidRequest(errorMessage: string): ConfigRefusal {
  return { errorCode: errorCodes.INVALID_REQUEST, errorMessage };
}

/** A refusal with INVALID_CONFIG. */
export function invalidConfig(errorMessage: string): ConfigRefusal {
  return { errorCode: errorCodes.INVALID_CONFIG, errorMessage };
}
