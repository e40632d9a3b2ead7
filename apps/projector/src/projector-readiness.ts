import { sentenceOf } from '#kernel';
import { folderUsable } from '#platform/health/checks';
import type { Readiness } from '#platform/health/readiness';
import type { ProjectorConfig } from './config.js';
import type { ProjectorProgress } from './projector-progress.js';
import { rebuildWaitsFor } from './readers-in-the-way.js';

type Folders = Pick<ProjectorConfig, 'ledgerDir' | 'ledgerSecondDir'>;

/** The projector's conditions, in the order in which it meets them. The database and the event store answer while it gets on, and not otherwise. */
export function projectorReadiness(
  readiness: Readiness,
  { ledgerDir, ledgerSecondDir }: Folders,
): ProjectorProgress & { keysRead(): void } {
  const keys = readiness.expect('signing keys', 'they are not read yet');
  const lease = readiness.expect('lease', 'another projector holds it, or the database does not answer');
  const projections = readiness.expect('projections caught up', 'it has not begun');
  let behind = true;
  let rebuildWaits: string | undefined;
  readiness.check('rebuild', () => rebuildWaits, { needed: false });
  return {
    keysRead: () => keys.met(),
    leaseHeld: () => {
      lease.met();
      // Made by whoever holds the lease.
      readiness.check('ledger folder', folderUsable(ledgerDir));
      readiness.check('second ledger folder', folderUsable(ledgerSecondDir));
    },
    taken: (position) => {
      if (behind) projections.waiting(`it goes through the history, and is at position ${position}`);
      else projections.met();
    },
    caughtUp: () => {
      behind = false;
      projections.met();
    },
    rebuilds: (names) => {
      if (behind) projections.waiting(`it makes ${names.join(', ')} anew first`);
    },
    rebuildWaits: (names, readers) => {
      rebuildWaits = rebuildWaitsFor(names, readers);
      if (behind) projections.waiting(rebuildWaits);
    },
    rebuildEnded: () => {
      rebuildWaits = undefined;
      if (behind) projections.waiting('it is about to go through the history');
    },
    failed: (position, error) => {
      const why = sentenceOf(error);
      projections.waiting(`it could not go on at position ${position}, and tries again: ${why}`);
    },
  };
}
