/**
 * Reads `server.properties` text by the rules of java.util.Properties: escapes, continued lines,
 * `=`, `:` or blanks as separator, the last of repeated keys counts. The parser is loaded on first
 * use, since a node without a file has no need of it.
 */
export async function parseProperties(text: string): Promise<Map<string, string>> {
  const { parseLines } = await import("dot-properties");
  const properties = new Map<string, string>();
  for (const line of parseLines(text)) {
    if (typeof line === "string") continue;
    const [key, value = ""] = line;
    if (key !== undefined) properties.set(key, value);
  }
  return properties;
}
