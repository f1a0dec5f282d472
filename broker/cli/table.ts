/** A column: its title, and the width that it has at least. */
export interface Column {
  readonly title: string;
  readonly width?: number;
}

/**
 * Rows under titles, each column as wide as its widest cell, with one blank between columns, as
 * Kafka's tools print them. The last column is not filled up.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title, width = 0 }, i) =>
    rows.reduce(
      (widest, row) => Math.max(widest, row[i]?.length ?? 0),
      Math.max(width, title.length),
    )
  );
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => i === columns.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))
      .join(" ").trimEnd();
  return [columns.map(({ title }) => title), ...rows].map((cells) => `${line(cells)}\n`).join("");
}
