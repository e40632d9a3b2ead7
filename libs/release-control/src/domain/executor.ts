import { actorName, type CommandContext } from '#kernel';
import { ReleaseControlError } from './errors.js';

/** The commands by which what was signed takes effect, or does not any more. */
const EXECUTES: ReadonlySet<string> = new Set([
  'StartChange',
  'MarkStale',
  'RecordApplied',
  'RecordFirstStage',
  'StartStage',
  'RecordStage',
  'StopStages',
  'ApplyChange',
]);

/**
 * What was signed is put in force by the worker, which decides nothing. No person does it, and no program in a person's name: so nobody executes what they wrote
 * or approved (R27).
 * @throws ReleaseControlError `not-the-executor`
 */
export function requireExecutor({
  type,
  context: { actor },
}: {
  readonly type: string;
  readonly context: CommandContext;
}): void {
  if (actor.kind === 'service' || !EXECUTES.has(type)) return;
  throw new ReleaseControlError(
    'not-the-executor',
    `${actorName(actor)} puts nothing in force: what was signed, the worker does`,
  );
}
