import type { DomainEvent } from '#kernel';
import type { Requester } from '../authority.js';

/** Whom an identity provider knows somebody as (OpenID Connect Core 1.0, 5.7): the value of one claim. */
export interface SignOnIdentity {
  readonly issuer: string;
  /** Such as `sub`. */
  readonly claim: string;
  readonly subject: string;
}
/** Whose answer to a request for signing in anew was right: it is good once. */
export interface SignOnUse {
  /** The id of the binding. */
  readonly credential: string;
  /** That the request had, and the answer repeats. */
  readonly nonce: string;
  /** When the provider made sure of the person, by its own word (`auth_time`). RFC 3339, UTC. */
  readonly authTime: string;
  /** Until when the answer is good. RFC 3339, UTC. */
  readonly expiresAt: string;
}
/** An admin asks that a person sign in as somebody whom an identity provider knows; they accept it themself, or it runs out. */
export type SingleSignOnRequested = DomainEvent<
  'SingleSignOnRequested',
  SignOnIdentity & { readonly requestedBy: Requester; readonly expiresAt: string }
>;
/** The person accepted, with their own components, and signed in there. `old` is the id of the binding that it replaces. Every other session ends. */
export type SingleSignOnBound = DomainEvent<
  'SingleSignOnBound',
  SignOnIdentity & {
    readonly use: SignOnUse;
    readonly old: string | null;
    readonly requestedBy: Requester;
    readonly session: string;
  }
>;
/** By one admin, at once. Every session ends. */
export type SingleSignOnRemoved = DomainEvent<
  'SingleSignOnRemoved',
  SignOnIdentity & { readonly credential: string }
>;
