import type { CommandContext } from '#kernel';

interface Command {
  readonly context: CommandContext;
  readonly session: string;
}

export interface SignOut extends Command {
  readonly type: 'SignOut';
}

/** It was used last so long ago that it is over. */
export interface EndUnusedSession extends Command {
  readonly type: 'EndUnusedSession';
  /** RFC 3339, UTC. */
  readonly lastUsedAt: string;
  readonly idleMinutes: number;
}
