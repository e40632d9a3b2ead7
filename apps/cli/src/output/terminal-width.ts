let columns: number | undefined;

/**
 * Runs what writes text for people: within, tables and fields are laid out for a terminal that is so wide. Nothing is awaited within.
 * @param width in characters; undefined: no terminal, as in a pipe, and each row of a table is one line, however long
 */
export function withTerminalWidth(width: number | undefined, write: () => string): string {
  const before = columns;
  // A terminal that nobody has sized says 0.
  columns = width === undefined || width < NARROWEST ? undefined : width;
  try {
    return write();
  } finally {
    columns = before;
  }
}

/** Below this a layout helps nobody. */
const NARROWEST = 40;

/** How wide the terminal is that is written for; undefined: none is known. */
export function terminalWidth(): number | undefined {
  return columns;
}
