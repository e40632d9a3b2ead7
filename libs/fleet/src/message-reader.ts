import type { JsonObject, JsonValue } from '#kernel';
import { FleetError } from './errors.js';
import type { MessageKind, SignedMessage } from './message.js';

/** Reads what a node sent: each member once, of the form that it must have, and no other. */
export class MessageReader {
  private readonly left: Set<string>;

  /** @param path of the object in the message, for errors */
  private constructor(
    private readonly members: JsonObject,
    private readonly path: string,
  ) {
    this.left = new Set(Object.keys(members));
  }

  /** @throws FleetError `node-message-malformed` */
  static of(value: JsonValue | undefined, path: string): MessageReader {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw malformed(path, 'is not an object');
    return new MessageReader(value as JsonObject, path);
  }

  string(name: string, form: RegExp): string {
    const value = this.take(name);
    if (typeof value !== 'string' || !form.test(value)) throw malformed(this.at(name), 'has another form');
    return value;
  }

  stringOrNull(name: string, form: RegExp): string | null {
    return this.members[name] === null ? (this.take(name), null) : this.string(name, form);
  }

  /** A whole number from 0 to `most`. */
  count(name: string, most: number): number {
    const value = this.take(name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > most)
      throw malformed(this.at(name), `is no whole number from 0 to ${most}`);
    return value;
  }

  boolean(name: string): boolean {
    const value = this.take(name);
    if (typeof value !== 'boolean') throw malformed(this.at(name), 'is neither true nor false');
    return value;
  }

  time(name: string): string {
    const text = this.string(name, TIME);
    if (Number.isNaN(Date.parse(text))) throw malformed(this.at(name), 'is no time');
    return text;
  }

  timeOrNull(name: string): string | null {
    return this.members[name] === null ? (this.take(name), null) : this.time(name);
  }

  list(name: string, longest: number): readonly JsonValue[] {
    const value = this.take(name);
    if (!Array.isArray(value) || value.length > longest)
      throw malformed(this.at(name), `is no list of at most ${longest}`);
    return value as readonly JsonValue[];
  }

  object(name: string): MessageReader {
    return MessageReader.of(this.take(name), this.at(name));
  }

  /** A list of objects, at most so many. */
  objects(name: string, longest: number): readonly MessageReader[] {
    return this.list(name, longest).map((each, i) => MessageReader.of(each, `${this.at(name)}/${i}`));
  }

  objectOrNull(name: string): MessageReader | null {
    return this.members[name] === null ? (this.take(name), null) : this.object(name);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.members, name);
  }

  /** Nothing else is in it. */
  end(): void {
    for (const name of this.left) throw malformed(this.at(name), 'is no member of this');
  }

  private take(name: string): JsonValue | undefined {
    this.left.delete(name);
    return Object.hasOwn(this.members, name) ? this.members[name] : undefined;
  }

  private at(name: string): string {
    return `${this.path}/${name.slice(0, 40)}`;
  }
}

/** RFC 3339, UTC, milliseconds. */
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;

function malformed(path: string, how: string): FleetError {
  return new FleetError('node-message-malformed', `${path} ${how}`);
}

/** The outside of what a node sends. @throws FleetError `node-message-malformed` */
export function readSigned(
  body: unknown,
  kind: MessageKind,
): { readonly signed: SignedMessage; readonly read: MessageReader } {
  const outside = MessageReader.of(body as JsonValue, '');
  const signature = outside.string('signature', /^[A-Za-z0-9+/]{86}==$/);
  const message = (body as JsonObject)['message'];
  const read = outside.object('message');
  outside.end();
  read.string('kind', new RegExp(`^${kind}$`));
  return { signed: { message: message as JsonObject, signature }, read };
}
