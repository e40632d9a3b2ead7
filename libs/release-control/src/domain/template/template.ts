import { canonicalJson, type JsonValue } from '#kernel';
import type { SoakRule } from '../approval-policy/soak-rule.js';
import type { NamedSubject, SigningRole } from '../approval-policy/approval-policy.js';

/**
 * A standard change of a ring (ITIL): what is approved once, so that each use of it takes effect without a further approval (ADR 0042). It is of newer revisions of snaps that the ring holds,
 * from the same publisher, as confined and with the same interfaces, whatever else it says.
 */
export interface Template<Snap = NamedSubject> {
  /** Of the ring: small letters, digits and hyphens. */
  readonly name: string;
  readonly snaps: readonly Snap[];
  /** In full, as `latest/stable`. */
  readonly channels: 'all' | readonly string[];
  readonly architectures: 'all' | readonly string[];
  /** Targets that one use changes, 1 to {@link MOST_TARGETS}. */
  readonly mostTargets: number;
  /** Marks of a capture that do not stop it, of {@link PASSABLE_MARKS}: every other one does. */
  readonly passes: readonly string[];
  /** Absent: it need not have been in force anywhere before. */
  readonly soak?: SoakRule;
  readonly uses: UseLimit;
  /** Absent: at any time. */
  readonly hours?: WeeklyHours;
  /** Who uses it holds one of these, beside the role author. */
  readonly usedBy: readonly SigningRole[];
  /** RFC 3339, UTC: not in force from then on. */
  readonly until: string;
}

/** As people write it: with names of snaps, which capture resolves. */
export type AskedTemplate = Template<string>;

/** At most so many uses took effect in the last days. */
export interface UseLimit {
  /** 1 to {@link MOST_USES}. */
  readonly most: number;
  /** 1 to {@link MOST_DAYS}. */
  readonly days: number;
}

/** In which it takes effect, each week, by the clocks of its zone: `mon 08:00` to `thu 16:00`. */
export interface WeeklyHours {
  readonly from: string;
  readonly to: string;
  /** IANA name, as `Europe/Zurich`. */
  readonly zone: string;
}

/** Which version of which template a request is asked for under. */
export interface TemplateRef {
  readonly name: string;
  /** Counted from 1. */
  readonly version: number;
}

/** Somebody who signed that a template is approved. */
export interface TemplateSigner {
  readonly person: string;
  readonly name: string;
  /** RFC 3339, UTC. */
  readonly signedAt: string;
}

/** A template as its ring has it. */
export interface GrantedTemplate extends TemplateRef {
  readonly template: Template;
  /** The one that it was approved in. */
  readonly changeRequest: string;
  /** All whose signatures stand there: none of them uses it. */
  readonly approvedBy: readonly TemplateSigner[];
}

/** Snaps, channels or architectures that one template names. */
export const MOST_NAMED = 50;
export const MOST_TARGETS = 50;
export const MOST_USES = 100;
export const MOST_DAYS = 366;

/**
 * What a template may let pass, of the format's words. Never that something may reach further than before: its publisher, confinement and interfaces, and what cannot be compared.
 */
export const PASSABLE_MARKS = ['base', 'declaration', 'epoch', 'new-hook', 'new-service', 'size'] as const;

export function refText({ name, version }: TemplateRef): string {
  return `${name}@${version}`;
}

/** Equal for equal templates. */
export function templateText(template: Template | null): string {
  return canonicalJson(template as unknown as JsonValue);
}

export function sameTemplate(a: Template | null, b: Template | null): boolean {
  return templateText(a) === templateText(b);
}
