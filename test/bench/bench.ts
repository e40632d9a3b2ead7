/** One benchmark, as `npm run -s bench -- <name>` runs it. */
export interface Bench {
  readonly name: string;
  /** What is measured and against what, in a sentence. */
  readonly about: string;
  /** Sets up, measures and takes down. Progress goes to `say`; figures are what it returns. */
  run(say: (line: string) => void): Promise<Measured>;
}

export interface Measured {
  /** The table's rows, the first one its headings. */
  readonly table: readonly (readonly (string | number)[])[];
  /** The named figures of the closing JSON line. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Of an odd number of figures the middle one, else the mean of the two in the middle. @throws RangeError without any */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError('no figures to take the median of');
  return (low + high) / 2;
}

/** To two places, for people and for the JSON line. */
export function rounded(figure: number): number {
  return Math.round(figure * 100) / 100;
}
