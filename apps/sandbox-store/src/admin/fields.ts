import { SandboxError } from '../sandbox-error.js';

/** A JSON object's fields, each taken with the type that it must have. */
export class Fields {
  private readonly fields: Readonly<Record<string, unknown>>;

  /** @throws SandboxError `bad-request` for anything but an object, and so do the others for a field of another type */
  constructor(body: unknown) {
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new SandboxError('bad-request', 'the body must be a JSON object');
    }
    this.fields = { ...body };
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw wrong(name, 'a text');
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !/^[\w.:+ /-]{1,200}$/.test(value))
      throw wrong(name, 'a short plain text');
    return value;
  }

  /** A revision number: 1 or more. */
  revision(name: string): number {
    const value = this.fields[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
      throw wrong(name, 'a revision');
    return value;
  }

  optionalBytes(name: string, atMost: number): number | undefined {
    const value = this.fields[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1024 || value > atMost)
      throw wrong(name, `a number of bytes, 1024 to ${atMost}`);
    return value;
  }

  /** False when it is absent. */
  isTrue(name: string): boolean {
    const value = this.fields[name] ?? false;
    if (typeof value !== 'boolean') throw wrong(name, 'true or false');
    return value;
  }

  isNull(name: string): boolean {
    return this.fields[name] === null;
  }

  /** One of the words. */
  oneOf<const Word extends string>(name: string, words: readonly Word[]): Word {
    const word = words.find((each) => each === this.fields[name]);
    if (word === undefined) throw wrong(name, `one of ${words.join(', ')}`);
    return word;
  }

  optionalTexts(name: string): readonly string[] | undefined {
    const value = this.fields[name];
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length === 0 || !value.every((each) => typeof each === 'string')) {
      throw wrong(name, 'a list of texts');
    }
    return value;
  }
}

function wrong(name: string, what: string): SandboxError {
  return new SandboxError('bad-request', `${name} must be ${what}`);
}
