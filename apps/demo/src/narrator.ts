import { styleText } from 'node:util';

/** Tells the story, a line a step; what programs printed is indented under it. */
export class Narrator {
  private steps = 0;

  constructor(private readonly write: (text: string) => void) {}

  step(text: string): void {
    this.steps += 1;
    this.write(`${styleText('bold', String(this.steps).padStart(2))}  ${text}\n`);
  }

  /** A command as it was typed. */
  typed(person: string, command: string): void {
    this.write(`    ${styleText('dim', `${person}$ ${command}`)}\n`);
  }

  printed(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.write(`      ${line}\n`);
  }
}
