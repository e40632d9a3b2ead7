import type { Finding } from '../domain/verification/finding.js';

/** As many as an event holds, and somebody reads; a history that was replaced differs everywhere. */
const MOST = 20;

/** What one verification finds, in the order in which it is met. */
export class Findings {
  private readonly kept: Finding[] = [];
  private count = 0;

  add(finding: Finding): void {
    this.count += 1;
    if (this.kept.length < MOST) this.kept.push(finding);
  }

  get none(): boolean {
    return this.count === 0;
  }

  get all(): { readonly findings: readonly Finding[]; readonly more: number } {
    return { findings: this.kept, more: this.count - this.kept.length };
  }
}
