import { AsyncLocalStorage } from 'node:async_hooks';
import { uuidv7 } from '#kernel';
import type { StoredAppend } from '#event-store/port';

/** The command that a request with an `Idempotency-Key` gives. */
export interface KeyedCommand {
  /** Derived from who asks and the key: the `cause` of each event that the command makes. */
  readonly id: string;
  /** What it appended when it was given before, and its answer was lost; null for a command that has to be carried out. */
  readonly done: readonly StoredAppend[] | null;
}

const current = new AsyncLocalStorage<KeyedCommand>();

export function withKeyedCommand<Result>(command: KeyedCommand, run: () => Result): Result {
  return current.run(command, run);
}

/** The id for the command that is being given: that of the request's key, else a new one. */
export function commandId(): string {
  return current.getStore()?.id ?? uuidv7();
}

/** What the command with this id appended, when it was carried out before and only its answer is wanted. */
export function doneBefore(cause: string): readonly StoredAppend[] | undefined {
  const command = current.getStore();
  return command?.id === cause ? (command.done ?? undefined) : undefined;
}
