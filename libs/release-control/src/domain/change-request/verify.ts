import { isSamePerson, rolesIn, type CommandContext, type PersonActor } from '#kernel';
import { VERIFYING_ROLES } from '../approval-policy/approval-policy.js';
import { ReleaseControlError } from '../errors.js';
import { lacksRole } from '../lacks-role.js';
import { allowed, requirePerson } from './allowed.js';
import type { CloseChange, VerifyChange } from './commands.js';
import type { VerifyStage } from './plan-commands.js';
import type { ChangeRequestEvent } from './events.js';
import { hasWritten } from './has-written.js';
import { lastInForce, type Stage } from './plan.js';
import type { DeliveryFigures, Verification } from './verification.js';
import { signersOf } from './signers-of.js';
import type { ChangeRequest } from './state.js';

/** Characters of what was looked at. */
const LOOKED_AT = { shortest: 10, longest: 2_000 } as const;

/** So many lines of figures are recorded, with how many there were: they fit into an event. */
const MOST_FIGURES = 100;

/**
 * Somebody other than the author looked at what the change did, and says what came of it. It is said once: a verification that failed is answered by another
 * request, and not by looking again until it passes.
 * @throws ReleaseControlError `not-a-verifier`, `author-cannot-verify`, `signer-cannot-verify`, `invalid-verification`; `not-allowed-in-status` where another ring has it last than was looked at
 */
export function verification(command: VerifyChange, state: ChangeRequest): ChangeRequestEvent {
  const request = allowed(state, command.type);
  const found = foundBy(command, request, lastInForce(request).ring);
  return { type: command.passed ? 'ChangeVerified' : 'VerificationFailed', data: found };
}

/**
 * The same of a plan, in the ring that has it last: what failed goes no further, and what passed may, once the rest that the next ring waits for is there.
 * @throws ReleaseControlError as {@link verification}; `not-enough-installed`; `not-allowed-in-status` where it was verified in that ring already
 */
export function stageVerification(command: VerifyStage, state: ChangeRequest): ChangeRequestEvent {
  const request = allowed(state, command.type);
  const { inForce } = request.rollout;
  const { ring, verification: known } = lastInForce(request);
  const found = foundBy(command, request, ring);
  if (known !== undefined)
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `${request.id} was verified in ring ${ring} by ${known.by.name} at ${known.at}`,
    );
  if (!command.passed) return { type: 'VerificationFailed', data: found };
  requireInstalled(request.stages[inForce.length - 1], ring, command.figures);
  return { type: 'StageVerified', data: { stage: inForce.length, ring, ...found } };
}

type InForce = Extract<ChangeRequest, { status: 'effective' | 'rolling-out' }>;

/**
 * While somebody looks at a plan in one ring, it may go on to the next one: what they found is not of that one.
 * @throws ReleaseControlError `invalid-verification` for a plan without the ring; `not-allowed-in-status` for another ring than has it last
 */
export function requireRingLookedAt(request: InForce, lookedAtIn: string | undefined): void {
  const { ring } = lastInForce(request);
  if (lookedAtIn === ring) return;
  if (lookedAtIn !== undefined)
    throw new ReleaseControlError(
      'not-allowed-in-status',
      `it was looked at in ring ${lookedAtIn}, and ring ${ring} has ${request.id} last: look there`,
    );
  if (request.stages !== undefined)
    throw new ReleaseControlError(
      'invalid-verification',
      `${request.id} is a plan, and ring ${ring} has it last: say in which ring it was looked at, with --ring (\`ring\` in a request)`,
    );
}

function foundBy(command: VerifyChange | VerifyStage, request: InForce, ring: string): Verification {
  const person = requireVerifier(command.context, ring, VERIFYING_ROLES);
  requireOutsider(request, person, 'verify', command.context);
  if (command.policy.verifiedByOthers) requireNoSigner(request, person, command.context);
  requireRingLookedAt(request, command.ring);
  const { context, figures } = command;
  return {
    by: { id: person.id, name: person.name },
    at: context.at,
    lookedAt: requireLookedAt(command.lookedAt),
    figures: figures.slice(0, MOST_FIGURES),
    figuresLeftOut: Math.max(0, figures.length - MOST_FIGURES),
  };
}

/** What the next ring of a plan asks for of each revision, by the delivery records as they are recorded with the verification. */
function requireInstalled(next: Stage | undefined, ring: string, figures: readonly DeliveryFigures[]): void {
  const percent = next?.installedPercent;
  if (next === undefined || percent === undefined) return;
  const few = figures.find(({ offered, installed }) => installed * 100 < percent * Math.max(1, offered));
  if (few === undefined && figures.length > 0) return;
  const found = few
    ? `${few.installed} of the ${few.offered} that ${few.name} ${few.version} was offered to have it`
    : 'nothing is recorded';
  throw new ReleaseControlError(
    'not-enough-installed',
    `ring ${next.ring} waits until ${percent} % of the devices of ring ${ring} have it, and by the delivery records ${found}: verify it later, or as failed`,
  );
}

/**
 * QA has seen the whole record, from draft to verification, and nothing is left to be done. No signature: everything that was decided is signed.
 * @throws ReleaseControlError `not-a-verifier`, `author-cannot-verify`, `verifier-cannot-close`; `not-ratified` of what was released in an emergency and nobody approved since
 */
export function closing({ type, context }: CloseChange, state: ChangeRequest): ChangeRequestEvent {
  const request = allowed(state, type);
  const person = requireVerifier(context, lastInForce(request).ring, ['qa']);
  requireOutsider(request, person, 'close', context);
  const inRings = (request.rollout?.inForce ?? []).flatMap((each) => each.verification ?? []);
  if ([request.verification, ...inRings].some(({ by }) => isSamePerson(by.id, person.id, context))) {
    throw new ReleaseControlError(
      'verifier-cannot-close',
      `${person.name} verified ${request.id}; somebody else has to close it`,
    );
  }
  if (request.emergency && request.emergency.ratification !== 'ratified') {
    throw new ReleaseControlError(
      'not-ratified',
      `${request.id} was released in an emergency and is not ratified: it stays open`,
    );
  }
  return { type: 'ChangeClosed', data: { by: { id: person.id, name: person.name }, at: context.at } };
}

/** Where the ring's policy asks for it: who decided that a change is right does not say as well that it was. @throws ReleaseControlError `signer-cannot-verify` */
function requireNoSigner(request: InForce, { id, name }: PersonActor, context: CommandContext): void {
  if (!signersOf(request).some((signer) => isSamePerson(signer, id, context))) return;
  throw new ReleaseControlError(
    'signer-cannot-verify',
    `${name} signed ${request.id}, and by the approval policy of the ring somebody else verifies it`,
  );
}

/** Nobody judges their own work, nor what they released alone, which nobody had approved (R27). @throws ReleaseControlError `author-cannot-verify` */
function requireOutsider(
  request: Extract<ChangeRequest, { status: 'effective' | 'rolling-out' | 'verified' }>,
  person: PersonActor,
  verb: 'verify' | 'close',
  context: CommandContext,
): void {
  const { id, emergency, signature } = request;
  const did = hasWritten(request, person.id, context)
    ? 'wrote'
    : emergency && isSamePerson(person.id, signature.signer, context)
      ? 'released'
      : null;
  if (did === null) return;
  throw new ReleaseControlError(
    'author-cannot-verify',
    `${person.name} ${did} ${id}; somebody else has to ${verb} it`,
  );
}

/** An admin gives out rights, and judges nothing. */
function requireVerifier(context: CommandContext, ring: string, roles: readonly string[]): PersonActor {
  const person = requirePerson(context);
  const held = rolesIn(person.roles, ring);
  if (held.includes('admin') || !roles.some((role) => held.includes(role))) {
    throw new ReleaseControlError('not-a-verifier', lacksRole(person, roles, ring));
  }
  return person;
}

function requireLookedAt(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length < LOOKED_AT.shortest || trimmed.length > LOOKED_AT.longest) {
    throw new ReleaseControlError(
      'invalid-verification',
      `say what was looked at, in at least ${LOOKED_AT.shortest} characters and at most ${LOOKED_AT.longest}`,
    );
  }
  return trimmed;
}
