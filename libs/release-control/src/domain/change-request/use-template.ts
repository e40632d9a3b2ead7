import { isSamePerson, type CommandContext } from '#kernel';
import type { ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { whyNotSigned } from '../approval-policy/ticket-rule.js';
import { ReleaseControlError } from '../errors.js';
import { refText, type GrantedTemplate, type TemplateRef } from '../template/template.js';
import { reasonsText, whyNotByTemplate, whyNotGranted, type TemplateUse } from '../template/why-not.js';
import { allowed, isAllowed, requirePerson } from './allowed.js';
import type { DraftChange, ReportCapture, UseTemplate, VoidTemplateUse } from './commands.js';
import type { ChangeRequestEvent } from './events.js';
import { draftRecordOf, useDigestOf } from './record.js';
import { requireAuthorIn, requireAuthorOf } from './require-author.js';
import { requireSignature, requireSigningRoles } from './require-signature.js';
import { reviewOf } from './review.js';
import { isByTemplate } from './use-of-template.js';
import type { Captured, ChangeRequest } from './state.js';
import { capturedPart } from './what-is-kept.js';
import { requireInTime } from './window.js';

/**
 * What a request asks for that no template covers is said when it is drafted; whether it is within the template's limits, once it is captured.
 * @throws ReleaseControlError `not-a-standard-change`
 */
export function checkStandardChange({ items, stages, supersedes, submit }: DraftChange): void {
  if (stages !== undefined) throw none('is of one ring, and no release plan');
  if (supersedes !== undefined) throw none('takes no other request’s place, which somebody decides on');
  if (submit) throw none('is handed in by signing it: draft it, and sign the draft');
  for (const item of items)
    if (item.kind !== undefined || item.version === null)
      throw none('sets revisions, one by one, of snaps that the ring holds, and nothing else');
}

function none(what: string): ReleaseControlError {
  return new ReleaseControlError('not-a-standard-change', `a standard change ${what}`);
}

/**
 * The author of a standard change signs that it takes effect by the template that others approved: in a role that signs, which two persons made the credentials of, and never who approved that template. Where
 * the ring asks for the author's own signature, this is it, over the same draft and with a meaning that says more.
 * @throws ReleaseControlError `not-a-standard-change`, `template-not-in-force`, `not-a-template-user`, `own-template`, `not-an-author`, `not-the-author`, `not-an-approver`, `signature-required`, `record-changed`, `too-late`
 */
export function useOfTemplate(command: UseTemplate, state: ChangeRequest): ChangeRequestEvent {
  const draft = allowed(state, command.type);
  const { signature, policy, granted, context } = command;
  const { template } = draft;
  if (template === undefined)
    throw new ReleaseControlError('not-a-standard-change', `${draft.id} names no template: submit it`);
  const signer = requirePerson(context);
  requireAuthorOf(draft, signer);
  requireAuthorIn(draft.ring, signer);
  const roles = requireSigningRoles(signer, draft.ring);
  requireInTime(draft, context.at);
  requireUser(template, granted, { person: signer.id, name: signer.name, roles }, context);
  const recordDigest = useDigestOf({ ...draftRecordOf(draft), template });
  requireSignature(draft.id, context, signature, { meaning: 'released-by-template', recordDigest });
  return { type: 'TemplateUseSigned', data: { signature, policyVersion: policy.version, roles } };
}

/**
 * Whoever could not use a template is told before anything is drafted, and again when it is signed.
 * @throws ReleaseControlError `template-not-in-force`, `not-a-template-user`, `own-template`
 */
export function requireUser(
  ref: TemplateRef,
  granted: GrantedTemplate | null,
  who: { readonly person: string; readonly name: string; readonly roles: readonly string[] },
  { at, linked }: Pick<CommandContext, 'at' | 'linked'>,
): void {
  const why = whyNotGranted(ref, granted, at);
  if (granted === null || why !== undefined)
    throw new ReleaseControlError('template-not-in-force', `template ${refText(ref)}: ${why}`);
  const { usedBy } = granted.template;
  if (!usedBy.some((role) => who.roles.includes(role)))
    throw new ReleaseControlError(
      'not-a-template-user',
      `${who.name} does not have the role ${usedBy.join(' or ')}, in which the template ${refText(ref)} is used`,
    );
  if (granted.approvedBy.some(({ person }) => isSamePerson(person, who.person, { linked })))
    throw new ReleaseControlError(
      'own-template',
      `${who.name} is among those who approved the template ${refText(ref)}: somebody else uses it`,
    );
}

/** What comes of a standard change that is captured: it is approved by its template, or in review, with the reasons. */
export function afterCapture(
  { template: facts, context: { at, linked } }: ReportCapture,
  request: Captured,
): ChangeRequestEvent[] {
  const { template: ref, use } = request;
  if (ref === undefined || use === undefined) return [];
  if (facts === undefined) throw new Error(`nothing is said of the template of ${request.id}`);
  const { policy, signerNow, soak, ...inRing } = facts;
  const { notBefore = at } = request.window;
  const when = notBefore > at ? notBefore : at;
  const signed = { ref, signer: signerOf(use.signature), changes: request.changes };
  const ticket = whyNotSigned(policy.ticket, request);
  const reasons = [
    ...whyNotByTemplate(signed, inRing, { signerNow, soak, linked }, when),
    ...(ticket === undefined ? [] : [ticket]),
  ];
  const { granted } = inRing;
  if (granted === null || reasons.length > 0) return [notApplied(request, ref, reasons, policy)];
  const { changeRequest, approvedBy } = granted;
  const awaits = policy.ticket?.approved === 'before-effect' ? ({ awaitsTicket: true } as const) : {};
  const data = { template: ref, changeRequest, approvedBy, at, ...awaits };
  return [{ type: 'ApprovedByTemplate', data }];
}

/** What is in force already, or was decided on by others meanwhile, stays so. */
export function voidUse(
  { type, reasons, policy }: VoidTemplateUse,
  state: ChangeRequest,
): ChangeRequestEvent[] {
  if (!isAllowed(state, type) || !isByTemplate(state) || state.template === undefined) return [];
  return [notApplied(state, state.template, reasons, policy)];
}

function notApplied(
  request: Captured,
  template: TemplateRef,
  reasons: readonly string[],
  policy: ApprovalPolicy,
): ChangeRequestEvent {
  const { missing } = reviewOf({ ...capturedPart(request), status: 'captured' }, policy, {
    signersNow: new Map(),
  });
  return {
    type: 'TemplateDidNotApply',
    data: { template, reasons: reasonsText(template, reasons), missing },
  };
}

/** Who signed the use, as the limits ask. */
export function signerOf({
  signer,
  roles = [],
  resets = 0,
}: NonNullable<Captured['use']>['signature']): TemplateUse['signer'] {
  return { person: signer, roles, resets };
}
