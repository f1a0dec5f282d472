/** Codes of the errors that this room answers with; the first three digits are the HTTP status. */
export const errorCodes = {
  BAD_CONTEXT: 400,
  CONTEXT_NOT_FOUND: 404,
  INCOMPATIBLE_SCHEMA: 409,
  UNPROCESSABLE: 422,
  SUBJECT_NOT_FOUND: 40401,
  VERSION_NOT_FOUND: 40402,
  SCHEMA_NOT_FOUND: 40403,
  SUBJECT_SOFT_DELETED: 40404,
  SUBJECT_NOT_SOFT_DELETED: 40405,
  VERSION_SOFT_DELETED: 40406,
  VERSION_NOT_SOFT_DELETED: 40407,
  SUBJECT_CONFIG_NOT_FOUND: 40408,
  SUBJECT_MODE_NOT_FOUND: 40409,
  ASSOCIATION_NOT_FOUND: 40410,
  INCOMPATIBLE_SCHEMA_NEWER: 40901,
  ASSOCIATION_EXISTS_FOR_RESOURCE: 40902,
  ASSOCIATION_EXISTS_FOR_SUBJECT: 40903,
  SUBJECT_HAS_ASSOCIATION: 40904,
  ASSOCIATION_FROZEN: 40905,
  LAST_ACTIVE_VERSION: 40907,
  STRONG_ASSOCIATION: 40908,
  INVALID_SCHEMA: 42201,
  INVALID_VERSION: 42202,
  INVALID_COMPATIBILITY_LEVEL: 42203,
  INVALID_MODE: 42204,
  OPERATION_NOT_PERMITTED: 42205,
  REFERENCE_EXISTS: 42206,
  ID_DOES_NOT_MATCH: 42207,
  INVALID_SUBJECT: 42208,
  SCHEMA_TOO_LARGE: 42209,
  INVALID_RULE_SET: 42210,
  CONTEXT_NOT_EMPTY: 42211,
  INVALID_ASSOCIATION: 42212,
  STORE_ERROR: 50001,
  STORE_TIMEOUT: 50002,
  FORWARDING_FAILED: 50003,
  NO_LEADER: 50004,
} as const;

/** A request that is refused; it becomes `{"error_code":errorCode,"message":message}`. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  /** One of {@linkcode errorCodes}. */
  readonly errorCode: number;

  /** `message` names the subject, version, id or value, and what is allowed. */
  constructor(errorCode: number, message: string) {
    super(message);
    this.errorCode = errorCode;
  }
}

/** The HTTP status of an error code: its first three digits. */
export function statusOf(errorCode: number): number {
  return errorCode < 1000 ? errorCode : Math.trunc(errorCode / 100);
}
