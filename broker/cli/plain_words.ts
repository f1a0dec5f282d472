/**
 * A sentence without what the runtime puts into its messages for programmers: the system's error code,
 * the call that failed and its paths, which the sentence has named already.
 */
export function inPlainWords(message: string): string {
  return message
    .replace(/(?<=: )E[A-Z]{3,}: ([a-z][^,]*), [a-z]+(?: '[^']*')?(?: -> '[^']*')?$/, "$1")
    .replace(
      /([A-Z])([^:]*) \(os error \d+\)(?:: .*)?$/,
      (_, first, rest) => first.toLowerCase() + rest,
    );
}
