import { requireAdmin, requireAnotherThan, requireSecondPerson, requester } from '../authority.js';
import { IdentityError } from '../errors.js';
import type { ConfirmReset, RequestReset } from './commands.js';
import type { PersonEvent } from './events.js';
import { isOver, requestEnd, REQUEST_HOURS } from './requests.js';
import { requireCurrent } from './require-current.js';
import type { Person } from './state.js';

export function requestReset(
  { context, person, request }: RequestReset,
  state: Person,
): readonly PersonEvent[] {
  requireAdmin(context);
  requireAnotherThan(person, context);
  requireCurrent(state, 'enrolled', 'active');
  return [resetRequested(request, context)];
}

export function resetRequested(request: string, context: RequestReset['context']): PersonEvent {
  const expiresAt = requestEnd(context.at);
  return { type: 'ResetRequested', data: { request, requestedBy: requester(context), expiresAt } };
}

/** Neither of the two can do it alone, and neither of them learns the whole secret. */
export function confirmReset(command: ConfirmReset, state: Person): readonly PersonEvent[] {
  const { context, request, credential } = command;
  const current = requireCurrent(state, 'enrolled', 'active');
  const { reset } = current;
  if (reset === null || reset.request !== request || isOver(reset.expiresAt, context.at)) {
    throw noResetRequested(current.name);
  }
  const { requestedBy } = reset;
  const confirmedBy = requireSecondPerson(command, requestedBy, ['admin', 'qa']);
  const data = { request, requestedBy, confirmedBy, old: credentialsOf(current), credential };
  return [{ type: 'PersonReset', data }];
}

export function noResetRequested(name: string): IdentityError {
  return new IdentityError(
    'no-reset-requested',
    `no admin has asked for ${name} to be reset in the last ${REQUEST_HOURS / 24} days`,
  );
}

/** Ids of what counts before it is void. */
export function credentialsOf(person: Extract<Person, { status: 'enrolled' | 'active' }>): readonly string[] {
  if (person.status === 'enrolled') return [person.enrolment.id];
  const { password, secondFactor, keys, singleSignOn } = person;
  return [
    password.id,
    ...(secondFactor ? [secondFactor.credential.id] : []),
    ...keys.map(({ id }) => id),
    ...(singleSignOn ? [singleSignOn.credential] : []),
  ];
}
