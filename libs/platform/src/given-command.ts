import { AsyncLocalStorage } from 'node:async_hooks';
import { uuidv7 } from '#kernel';
import type { StoredAppend } from '#event-store/port';
import { HttpError } from './http/errors.js';
import type { IfMatch } from './revisions/entity-tag.js';

/** What a request says of the command that it gives, beside the command's own data; and what came of it. */
export interface GivenCommand {
  /** The `cause` of each event that the command makes. With an `Idempotency-Key` it follows from who asks and the key. */
  readonly id: string;
  /** What it appended when it was given before, and its answer was lost; null for a command that has to be carried out. */
  readonly done: readonly StoredAppend[] | null;
  /** Which revision its record has to be at; undefined for who does not say. */
  ifMatch?: IfMatch | undefined;
  /** The number of the newest event of the record that was read, or that the command led to. */
  revision?: bigint;
  /** Whether anything was decided under the command's id. */
  decided?: boolean;
  /** By stream: how many events the request itself appended beside the command, such as that who gives it proved who they are. */
  beside?: ReadonlyMap<string, bigint>;
}

const current = new AsyncLocalStorage<GivenCommand>();

export function withGivenCommand<Result>(command: GivenCommand, run: () => Result): Result {
  return current.run(command, run);
}

export function givenCommand(): GivenCommand | undefined {
  return current.getStore();
}

/** The id for the command that is being given: that of the request, else a new one. */
export function commandId(): string {
  return current.getStore()?.id ?? uuidv7();
}

/** What the request says of the command with this id; undefined for what is decided beside it, such as who somebody is. */
export function givenFor(cause: string): GivenCommand | undefined {
  const command = current.getStore();
  if (command?.id !== cause) return undefined;
  command.decided = true;
  return command;
}

/** Events that the request that is being served appended to a stream beside its command: whoever named a revision had looked before them. */
export function appendedBeside(stream: string): bigint {
  return current.getStore()?.beside?.get(stream) ?? 0n;
}

export function noteBeside(stream: string, events: number): void {
  const command = current.getStore();
  if (command) command.beside = new Map(command.beside).set(stream, appendedBeside(stream) + BigInt(events));
}

/**
 * Before who gives the command is asked anew: a command that was carried out was given by somebody who proved it then, and a code is good for one proof. To look at it
 * again would count it as a guess.
 * @throws HttpError `answer-lost`
 */
export function refuseToProveAgain(): void {
  if (current.getStore()?.done)
    throw new HttpError('answer-lost', 'it was carried out, with a proof that is good once');
}

/** Says which revision of a record an answer shows: it is in the answer's ETag, for `If-Match`. */
export function showRevision(revision: bigint): void {
  const command = current.getStore();
  if (command) command.revision = revision;
}
