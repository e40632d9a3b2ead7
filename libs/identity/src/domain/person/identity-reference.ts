import {
  isInCommissioning,
  requireAdmin,
  requireAnotherThan,
  requireSecondPerson,
  requester,
} from '../authority.js';
import { IdentityError } from '../errors.js';
import type { ConfirmIdentityReference, EnrolPerson, RequestIdentityReference } from './commands.js';
import type { PersonEvent } from './events.js';
import { requireCurrent } from './require-current.js';
import { isOver, REQUEST_HOURS, requestEnd } from './requests.js';
import type { Person } from './state.js';

/** Whether somebody is enrolled without what the site knows the human by. */
export const IDENTITY_REFERENCE_RULES = ['optional', 'required'] as const;
export type IdentityReferenceRule = (typeof IDENTITY_REFERENCE_RULES)[number];

/** As the event has it. @throws IdentityError `identity-reference-required` */
export function identityReferenceOf({
  identityReference = null,
  identityReferenceRule = 'optional',
  firstAdmin,
}: EnrolPerson): { readonly identityReference?: string } {
  if (identityReference !== null) return { identityReference };
  if (identityReferenceRule === 'optional' || firstAdmin) return {};
  throw new IdentityError(
    'identity-reference-required',
    'this site asks for what it knows the human by, such as the employee number: the same for the same human, so that nobody has two accounts unseen',
  );
}

/** Of somebody who is enrolled already, or as a correction: two people say the same. While the site is set up, one does. */
export function requestIdentityReference(
  { context, person, reference }: RequestIdentityReference,
  state: Person,
): readonly PersonEvent[] {
  requireAdmin(context);
  requireAnotherThan(person, context);
  const { name, identityReference: old } = requireCurrent(state, 'enrolled', 'active');
  requireChange(name, reference, old);
  const requestedBy = requester(context);
  if (isInCommissioning(context))
    return [{ type: 'IdentityReferenceRecorded', data: { reference, old, requestedBy } }];
  const data = { reference, requestedBy, expiresAt: requestEnd(context.at) };
  return [{ type: 'IdentityReferenceRequested', data }];
}

/** The second person says it themself, so that nobody confirms a number that they did not look up. */
export function confirmIdentityReference(
  command: ConfirmIdentityReference,
  state: Person,
): readonly PersonEvent[] {
  const { context, reference } = command;
  const {
    name,
    identityReference: old,
    requestedReference: asked,
  } = requireCurrent(state, 'enrolled', 'active');
  if (asked === null || asked.reference !== reference || isOver(asked.expiresAt, context.at))
    throw new IdentityError(
      'identity-reference-not-requested',
      `no admin has said that identity reference of ${name} in the last ${REQUEST_HOURS / 24} days: look at both numbers`,
    );
  const { requestedBy } = asked;
  requireSecondPerson(command, requestedBy, ['admin', 'qa']);
  requireChange(name, reference, old);
  return [{ type: 'IdentityReferenceRecorded', data: { reference, old, requestedBy } }];
}

function requireChange(name: string, reference: string, old: string | null): void {
  if (reference === old)
    throw new IdentityError('identity-reference-held', `${name} has that identity reference already`);
}
