/** One benchmark, as `npm run -s bench -- <name>` runs it. */
export interface Bench {
  readonly name: string;
  /** What is measured and against what, in a sentence. */
  readonly about: string;
  /** What the figures must be; a run that misses one ends with 3. */
  readonly marks: readonly Mark[];
  /** Sets up, measures and takes down. Progress goes to `say`; figures are what it returns. */
  run(say: (line: string) => void): Promise<Measured>;
}

/** A bound on one of the figures, both ends included. */
export type Mark =
  | { readonly figure: string; readonly atLeast: number }
  | { readonly figure: string; readonly atMost: number };

export interface Measured {
  /** The table's rows, the first one its headings. */
  readonly table: readonly (readonly (string | number)[])[];
  /** The named figures of the closing JSON line. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Those of the marks that the figures miss, in words. A figure that was not measured misses its mark. */
export function missed(marks: readonly Mark[], figures: Measured['figures']): string[] {
  return marks.flatMap((mark) => {
    const figure = figures[mark.figure] ?? Number.NaN;
    const met = 'atLeast' in mark ? figure >= mark.atLeast : figure <= mark.atMost;
    return met ? [] : [`${mark.figure} is ${figure}, and must be ${bound(mark)}`];
  });
}

/** As the documentation's table has it. */
export function bound(mark: Mark): string {
  return 'atLeast' in mark ? `≥ ${mark.atLeast}` : `≤ ${mark.atMost}`;
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
