/** What is not as it must be. A loop goes on collecting within a round, and ends with the round. */
export class Findings {
  private readonly found: string[] = [];

  add(sentence: string): void {
    // One cause may show a thousand times.
    if (this.found.length < 50) this.found.push(sentence);
  }

  /** Says `sentence` unless it holds. */
  expect(holds: boolean, sentence: string): void {
    if (!holds) this.add(sentence);
  }

  get all(): readonly string[] {
    return this.found;
  }
}
