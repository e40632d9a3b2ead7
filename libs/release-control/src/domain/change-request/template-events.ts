import type { DomainEvent } from '#kernel';
import type { ElectronicSignature, SignedUnder } from '../signature.js';
import type { TemplateRef, TemplateSigner } from '../template/template.js';

/** Its author signed that it takes effect by the template that it names, if what is captured is within its limits (ADR 0042). It is handed in in the same append. */
export type TemplateUseSigned = DomainEvent<
  'TemplateUseSigned',
  SignedUnder & { readonly signature: ElectronicSignature }
>;
/** What was captured is within the template's limits: nobody else has to sign it. */
export type ApprovedByTemplate = DomainEvent<
  'ApprovedByTemplate',
  {
    readonly template: TemplateRef;
    /** The request that the template was approved in, and by whom. */
    readonly changeRequest: string;
    readonly approvedBy: readonly TemplateSigner[];
    readonly at: string;
    /** As of every approval under a policy that says so. */
    readonly awaitsTicket?: true;
  }
>;
/** It does not take effect by its template, or not any more: it is decided on as every other request. */
export type TemplateDidNotApply = DomainEvent<
  'TemplateDidNotApply',
  {
    readonly template: TemplateRef;
    /** Each in words. */
    readonly reasons: readonly string[];
    /** What the ring's approval policy asks for, in words. */
    readonly missing: readonly string[];
  }
>;

export type TemplateEvent = TemplateUseSigned | ApprovedByTemplate | TemplateDidNotApply;
