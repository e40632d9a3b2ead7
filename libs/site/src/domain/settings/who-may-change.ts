import { actorName, type CommandContext } from '#kernel';
import { SiteError } from '../errors.js';
import type { ChangeSettings } from './settings.js';
import {
  isInCommissioning,
  takesTwo,
  mayDecideOnSigning,
  requireAdminOrQa,
  type Requester,
} from './signing-settings.js';
import { wrongSetting } from './wrong-setting.js';

/** @returns who asks for what takes two people; null: it is changed at once */
export function requireMayChange({ changes, context }: ChangeSettings): Requester | null {
  const bySigning = changes.map(({ key }) => key).filter(takesTwo);
  const others = bySigning.length < changes.length;
  if (bySigning.length > 0 && !isInCommissioning(context)) {
    const requestedBy = requireAdminOrQa(context);
    if (!others) return requestedBy;
    throw wrongSetting([
      `${bySigning.join(' and ')} takes two people, and the others an operator: give them in two commands`,
    ]);
  }
  const { actor } = context;
  const ofFirstAdmin = !others && actor.kind === 'person' && mayDecideOnSigning(actor.roles);
  if (!ofFirstAdmin || bySigning.length === 0) requireOperator(context);
  return null;
}

/** Who runs the site. @throws SiteError `operator-required` */
export function requireOperator({ actor }: CommandContext): void {
  if (actor.kind === 'person' && actor.roles.includes('operator')) return;
  throw new SiteError('operator-required', `${actorName(actor)} does not have the role operator`);
}
