import { actorName, type CommandContext } from '#kernel';
import { subjectKey } from '../../release-target.js';
import { signing } from '../change-request/review.js';
import type { ResolvedChange } from '../change-request/events.js';
import { SIGNING_ROLES } from '../approval-policy/approval-policy.js';
import { ReleaseControlError } from '../errors.js';
import { requireReason } from '../reason.js';
import { refText, type TemplateRef } from '../template/template.js';
import {
  whyNotByTemplate,
  type TemplateFacts,
  type TemplateInRing,
  type TemplateUse,
} from '../template/why-not.js';
import type { ApplyChange } from './release-policy.js';
import type { TemplateUsed, TemplateWithdrawn } from './events.js';
import { haltedIn } from './stage-source.js';
import { listingOf, type ReleasePolicy } from './state.js';

/** Take a permission away, now. */
export interface WithdrawTemplate {
  readonly type: 'WithdrawTemplate';
  readonly ring: string;
  readonly name: string;
  readonly context: CommandContext;
}

/** Under which template a change is to take effect, and what decides that stands in no event of the ring. */
export interface ByTemplate extends TemplateFacts {
  readonly use: Omit<TemplateUse, 'changes'>;
}

/** A use that its template does not let take effect any more: others decide on it. */
export class TemplateDoesNotApply extends Error {
  override readonly name = 'TemplateDoesNotApply';

  constructor(
    readonly ref: TemplateRef,
    readonly reasons: readonly string[],
  ) {
    super(`template ${refText(ref)} does not apply: ${reasons.join('; ')}`);
  }
}

/**
 * One person who may sign is enough, without a signature: to allow it again takes an approval.
 * @throws ReleaseControlError `not-an-approver`, `reason-required`, `no-such-template`
 */
export function withdraw(
  { ring, name, context }: WithdrawTemplate,
  policy: ReleasePolicy,
): TemplateWithdrawn {
  const { actor } = context;
  if (actor.kind !== 'person' || signing(actor.roles, ring).length === 0)
    throw new ReleaseControlError(
      'not-an-approver',
      `${actorName(actor)} is not a person with the role ${SIGNING_ROLES.join(' or ')} in the ring ${ring}`,
    );
  requireReason(context);
  const granted = policy.templates.get(name)?.granted;
  if (!granted)
    throw new ReleaseControlError('no-such-template', `no template ${name} is in force in ring ${ring}`);
  const { version, template } = granted;
  const by = { id: actor.id, name: actor.name };
  return { type: 'TemplateWithdrawn', data: { name, version, old: template, new: null, by } };
}

/** @throws TemplateDoesNotApply */
export function requireByTemplate(
  { changeRequest, changes, context: { at, linked } }: ApplyChange,
  { use, ...facts }: ByTemplate,
  policy: ReleasePolicy,
): TemplateUsed {
  const reasons = whyNotByTemplate(
    { ...use, changes },
    templateIn(policy, use.ref, changes),
    { ...facts, linked },
    at,
  );
  if (reasons.length > 0) throw new TemplateDoesNotApply(use.ref, reasons);
  return { type: 'TemplateUsed', data: { ...use.ref, changeRequest, at } };
}

/** What a ring says of a template, and of what is to take effect by it. */
export function templateIn(
  policy: ReleasePolicy,
  { name }: TemplateRef,
  changes: readonly ResolvedChange[],
): TemplateInRing {
  const standing = policy.templates.get(name);
  const { granted = null, usedAt = [] } = standing ?? {};
  return { granted, usedAt, withheld: withheldHere(policy, changes) };
}

/** A template ends no halt, block or denial, and nothing takes effect by it under one: what stands there, somebody has to look at. */
function withheldHere(policy: ReleasePolicy, changes: readonly ResolvedChange[]): readonly string[] {
  const overrides = changes.filter((change) => change.kind === undefined);
  const names = new Map(overrides.map(({ name, target }) => [subjectKey(target), { name, target }]));
  return [
    ...haltedIn('of the request', policy, changes),
    ...[...names].flatMap(([key, { name, target }]) => [
      ...(policy.blocked.has(key) ? [`${name} is blocked in the ring`] : []),
      ...(listingOf(policy, target) === 'denied' ? [`${name} is denied in the ring`] : []),
    ]),
  ];
}
