import { ReleaseControlError } from '../errors.js';
import type { ChangeItem } from './change-item.js';
import type { ResolvedChange } from './events.js';
import type { Verification } from './verification.js';
import { endsOf } from './window.js';

/** What a later ring of a release plan waits for, counted from when the ring before it has the change: part of what is signed. */
export interface Gates {
  /** Hours that the ring before must have had it; 0 to {@link MOST_SOAK_HOURS}. */
  readonly soakHours: number;
  /** Whether somebody must have verified it in the ring before. */
  readonly verified: boolean;
  /**
   * Per cent, 1 to 100: of the devices of the ring before that each revision was offered to, how many must say that they have it before it can be verified there. Absent: the
   * figures are recorded, and the person decides.
   */
  readonly installedPercent?: number;
}

/** One of the later rings of a release plan. */
export interface Stage extends Gates {
  readonly ring: string;
}

/** A ring of a plan that has the change. */
export interface StageInForce {
  readonly ring: string;
  /** When the worker took it on, and when the ring's policy had it: RFC 3339, UTC. */
  readonly since: string;
  readonly at: string;
  /** What somebody found who looked; absent while nobody has. */
  readonly verification?: Verification;
}

/** How far a plan has come. */
export interface Rollout {
  /** The rings that have it, in order. */
  readonly inForce: readonly StageInForce[];
  /** When the worker took the next ring on, until that one has it. */
  readonly starting?: string;
}

/** A month and a half: what nobody looks at for longer is another decision. */
export const MOST_SOAK_HOURS = 1_080;

/** Rings after the first. */
export const MOST_STAGES = 9;

/** What a request says of the rings that it is for. */
export interface Planned {
  readonly ring: string;
  readonly stages?: readonly Stage[];
}

/** Every ring that a request is for, in the order in which they get it: of all but plans it is one. */
export function ringsOf({ ring, stages = [] }: Planned): readonly string[] {
  return [ring, ...stages.map((stage) => stage.ring)];
}

/** The ring that has a request's changes last, and since when; `since` is not known of older requests. */
export function lastInForce({
  ring,
  since,
  rollout,
}: Planned & { readonly since?: string; readonly rollout?: Rollout }): Partial<StageInForce> & {
  readonly ring: string;
} {
  return rollout?.inForce.at(-1) ?? { ring, ...(since === undefined ? {} : { since }) };
}

/** What of a request's changes is of one of its rings. */
export function changesIn(
  request: Planned & { readonly changes: readonly ResolvedChange[] },
  ring: string,
): readonly ResolvedChange[] {
  return request.changes.filter((change) => ringOf(request, change) === ring);
}

/** The ring that a change is of: where it names none, the request's first. */
export function ringOf({ ring }: Planned, change: ResolvedChange): string {
  return ('ring' in change ? change.ring : undefined) ?? ring;
}

/**
 * A plan carries revisions of snaps from ring to ring, and each later ring waits for something. No hold of it is to be over before the last ring has it.
 * @param when now, and the plan's earliest time, RFC 3339
 * @throws ReleaseControlError `invalid-plan`
 */
export function checkStages(
  { ring, stages }: { readonly ring: string; readonly stages: readonly Stage[] },
  items: readonly ChangeItem[],
  when: { readonly notBefore?: string | undefined; readonly at: string },
): void {
  if (stages.length === 0 || stages.length > MOST_STAGES)
    throw invalid(`a plan has 1 to ${MOST_STAGES} rings after the first, and not ${stages.length}`);
  const rings = ringsOf({ ring, stages });
  const twice = rings.find((each, i) => rings.indexOf(each) !== i);
  if (twice !== undefined) throw invalid(`ring ${twice} stands twice in the plan`);
  for (const stage of stages) checkGates(stage);
  if (items.some(({ kind }) => kind !== undefined))
    throw invalid('a plan is of revisions for channels alone: ask for the rest in a request of its own');
  const { notBefore, at } = when;
  const begins = notBefore !== undefined && notBefore > at ? notBefore : at;
  const hours = stages.reduce((sum, { soakHours }) => sum + soakHours, 0);
  const reached = new Date(Date.parse(begins) + hours * 3_600_000).toISOString();
  const tooEarly = endsOf(items).find((end) => end <= reached);
  if (tooEarly !== undefined)
    throw invalid(`a hold would end at ${tooEarly}, and its last ring gets it at ${reached} at the earliest`);
}

function checkGates({ ring, soakHours, verified, installedPercent }: Stage): void {
  if (!Number.isInteger(soakHours) || soakHours < 0 || soakHours > MOST_SOAK_HOURS)
    throw invalid(`ring ${ring} waits for ${soakHours} hours: it must be 0 to ${MOST_SOAK_HOURS}, whole`);
  if (soakHours === 0 && !verified)
    throw invalid(`ring ${ring} waits for nothing: name the hours, or that the ring before is verified`);
  if (installedPercent === undefined) return;
  if (!Number.isInteger(installedPercent) || installedPercent < 1 || installedPercent > 100)
    throw invalid(`ring ${ring} waits for ${installedPercent} per cent: it must be 1 to 100, whole`);
  if (!verified)
    throw invalid(`ring ${ring} waits for ${installedPercent} per cent: they are counted by who verifies`);
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-plan', message);
}
