import { errorCodes, RegistryError } from "./registry_error.ts";

/** The context of subjects that name none. */
export const DEFAULT_CONTEXT = ".";
/** The context whose config and mode stand behind those of every other. */
export const GLOBAL_CONTEXT = ".__GLOBAL";
/** A prefix of subjects in any context. */
export const ANY_CONTEXT_PREFIX = ":*:";

/** A subject taken apart. */
export interface SubjectParts {
  /** Starts with a dot; `.` is the default context. */
  readonly context: string;
  /** The name inside of its context; "" when the context itself is meant. */
  readonly name: string;
}

const CONTROL = /\p{Cc}/u;
const RESERVED_NAMES: ReadonlySet<string> = new Set(["__GLOBAL", "__EMPTY"]);

/** Takes `:.context:name` or `name` apart. */
export function subjectParts(subject: string): SubjectParts {
  if (subject.startsWith(":.")) {
    const end = subject.indexOf(":", 2);
    if (end > 0) return { context: subject.slice(1, end), name: subject.slice(end + 1) };
  }
  return { context: DEFAULT_CONTEXT, name: subject };
}

/** The subject `name` of `context`, as it is spelled everywhere: the default context is left out. */
export function qualified(context: string, name: string): string {
  return context === DEFAULT_CONTEXT ? name : `:${context}:${name}`;
}

/** One spelling for each subject: `:.:name` is `name`. */
export function canonicalSubject(subject: string): string {
  return subject.startsWith(":.:") ? subject.slice(3) : subject;
}

/** A subject that a schema refers to: one that names no context is in that of the schema. */
export function subjectInContext(subject: string, context: string): string {
  return subject.startsWith(":.") && subject.indexOf(":", 2) > 0
    ? canonicalSubject(subject)
    : qualified(context, subject);
}

/**
 * The canonical spelling of a subject that holds schemas. Throws 42208 for control characters,
 * reserved names and the global context.
 */
export function checkSubject(subject: string, rejectEmpty = false): string {
  const { context, name } = subjectParts(subject);
  if (context === GLOBAL_CONTEXT) {
    throw invalid(subject, `context ${GLOBAL_CONTEXT} has only a config and a mode`);
  }
  if (rejectEmpty && name === "") throw invalid(subject, "it is empty");
  return checkName(subject, name);
}

/**
 * The scope of a config or a mode: null for that of the default context, `:.context:` for another
 * context's, otherwise a subject. Throws 42208.
 */
export function checkScope(subject: string | null): string | null {
  if (subject === null || subject === ":.:") return null;
  return checkName(subject, subjectParts(subject).name);
}

/** A context's name with its leading dot, without colons around. Throws 400 for what is none. */
export function checkContext(context: string): string {
  const name = /^:.*:$/.test(context) ? context.slice(1, -1) : context;
  if (!name.startsWith(".") || name.includes(":") || CONTROL.test(name)) {
    throw new RegistryError(
      errorCodes.BAD_CONTEXT,
      `"${context}" is no context: names start with a dot and hold no colon or control character`,
    );
  }
  return name;
}

/** The scope under which a context's own config and mode are kept; null for the default context. */
export function scopeOfContext(context: string): string | null {
  return context === DEFAULT_CONTEXT ? null : `:${context}:`;
}

function checkName(subject: string, name: string): string {
  if (CONTROL.test(subject)) throw invalid(subject, "it holds a control character");
  if (RESERVED_NAMES.has(name)) throw invalid(subject, `the name ${name} is reserved`);
  return canonicalSubject(subject);
}

function invalid(subject: string, why: string): RegistryError {
  return new RegistryError(
    errorCodes.INVALID_SUBJECT,
    `${JSON.stringify(subject)} is no valid subject: ${why}`,
  );
}
