import { errorCodes, errorMessage } from "../protocol/mod.ts";

/** Why part of a request was refused: a code of the protocol and a sentence for people. */
export interface ApiError {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** The outcome of what was not refused. */
export const NO_ERROR: ApiError = { errorCode: errorCodes.NONE, errorMessage: null };

/** A refusal; without a sentence of its own it takes the code's. */
export function refusal(errorCode: number, message: string = errorMessage(errorCode)): ApiError {
  return { errorCode, errorMessage: message };
}

/** A refusal for which Kafka gives the code alone. */
export function refusalWithoutText(errorCode: number): ApiError {
  return { errorCode, errorMessage: null };
}
