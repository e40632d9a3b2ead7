import type { DomainEvent } from '#kernel';
import type { ElectronicSignature, SignedUnder } from '../signature.js';

/** One on-call person's signature: it takes effect under the ring's pre-authorisation, and nobody has approved it yet (ADR 0021). */
export type EmergencyReleased = DomainEvent<
  'EmergencyReleased',
  SignedUnder & {
    readonly signature: ElectronicSignature;
    /** RFC 3339, UTC: not ratified by then, the ring is halted. */
    readonly ratifyBy: string;
    /** Of what the policy asks for soak in another ring: what it would have waited for. */
    readonly soakPassedOver?: string;
  }
>;
/** A signature of the ratification, after which it takes more. */
export type RatificationSigned = DomainEvent<
  'RatificationSigned',
  SignedUnder & {
    readonly signature: ElectronicSignature;
    readonly missing: readonly string[];
    readonly notCounted: readonly string[];
  }
>;
/** The signature that completes it: what was released is approved, after the fact. */
export type EmergencyRatified = DomainEvent<
  'EmergencyRatified',
  SignedUnder & { readonly signature: ElectronicSignature; readonly notCounted: readonly string[] }
>;
/** One signature is enough to refuse it; the ring is halted. */
export type RatificationRefused = DomainEvent<
  'RatificationRefused',
  SignedUnder & { readonly signature: ElectronicSignature }
>;

export type EmergencyEvent = EmergencyReleased | RatificationSigned | EmergencyRatified | RatificationRefused;
