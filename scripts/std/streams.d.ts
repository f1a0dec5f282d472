/** Splits a stream of text into lines, without their line ends. */
export class TextLineStream extends TransformStream<string, string> {
  constructor(options?: { allowCR?: boolean });
}
/** Reads a whole stream into text. */
export function toText(stream: ReadableStream): Promise<string>;
/** Merges streams into one, in order of arrival. */
export function mergeReadableStreams<T>(...streams: ReadableStream<T>[]): ReadableStream<T>;
