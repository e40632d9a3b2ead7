import type { Command } from 'commander';
import type { Control } from '../api/control.js';
import type { Overdue } from '../api/hold-types.js';
import type { AuditedEvent, ChangeView } from '../api/types.js';
import { wholeList } from '../api/whole-list.js';
import type { Cli } from '../cli.js';
import { CliError } from '../cli-error.js';
import { shownDigest } from './change/sign-decision.js';
import { Invocation } from '../invocation.js';
import { agenda, minutes } from '../meeting/papers.js';
import { PREFIX, writeRequests, zoneOf } from '../meeting/write-requests.js';

interface MinutesOptions {
  readonly out: string;
  readonly from: string;
  readonly to: string;
}

/** A board that meets has its papers: what it decides on, and what it decided. */
export function addMeeting(program: Command, cli: Cli): void {
  program
    .command('agenda')
    .description(
      'the change requests that wait for signatures, with all that differs, the holds that wait to be evaluated, and the updates that were taken on and are not applied, as PDF',
    )
    .requiredOption('--out <file>', 'the file to write; one that is there already stays')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly out: string }>(cli, command);
      const { control } = await invocation.connect();
      const { site } = await control.status();
      const requests = await waiting(control);
      const zone = await zoneOf(control, requests.at(-1)?.id);
      const { holds: overdue, updates } = await control.holds.overdue();
      const others = {
        overdue,
        updates: updates.map(withoutDays),
        oneSignature: await ringsOfOneSignature(control),
      };
      await control.noteCopy({ of: 'agenda' });
      await writeRequests(invocation, agenda(site.origin, zone, requests, others), requests.length);
    });
  program
    .command('minutes')
    .description('what was decided on change requests in a period, with the signatures, as PDF')
    .requiredOption('--from <time>', 'not before this time (RFC 3339)')
    .requiredOption('--to <time>', 'before this time')
    .requiredOption('--out <file>', 'the file to write; one that is there already stays')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<MinutesOptions>(cli, command);
      const { from, to } = invocation.options;
      const { control } = await invocation.connect();
      const { site } = await control.status();
      const decisions = await decided(control, { from, to });
      const ids = [...new Set(decisions.map(({ stream }) => stream.slice(PREFIX.length)))];
      const requests = await shown(control, ids);
      await control.noteCopy({ of: 'minutes', from, to });
      await writeRequests(
        invocation,
        minutes(site.origin, { from, to }, { decisions, requests }),
        requests.length,
      );
    });
}

/** A paper is the same on another day, while nothing has changed. */
function withoutDays({ days: _, ...update }: Overdue['updates'][number]): Omit<typeof update, 'days'> {
  return update;
}

/** Events by which people decide, whatever came of it. */
const DECISIONS = [
  'ChangeReviewed',
  'ApprovalSigned',
  'StageSigned',
  'StageReviewed',
  'ChangeApproved',
  'TemplateUseSigned',
  'ApprovedByTemplate',
  'TemplateDidNotApply',
  'ChangeRejected',
  'ChangeWithdrawn',
  'ChangeRecalled',
  'PlanStopped',
  'EmergencyReleased',
  'RatificationSigned',
  'EmergencyRatified',
  'RatificationRefused',
  'StageVerified',
  'ChangeVerified',
  'VerificationFailed',
  'ChangeClosed',
];

/** More are a reason to decide more often: a paper that long is not read. */
const MOST = 500;

/** Of what is decided, the plans that wait for further signatures in a later ring. */
const WAITING = ['captured', 'in-review', 'approved', 'scheduled', 'rolling-out'] as const;

async function waiting(control: Control): Promise<ChangeView[]> {
  const ids = new Set<string>();
  for (const status of WAITING) {
    const found = await wholeList('changeRequests', (after) =>
      control.changes({ status, limit: 500, after }),
    );
    for (const { id } of found) ids.add(id);
  }
  const views = await shown(control, [...ids]);
  return views.filter(
    ({ status, missing }) => status === 'captured' || status === 'in-review' || missing.length > 0,
  );
}

/** Rings whose approval policy asks for no second signature for a hold without an end, which takes what an override takes as well (R38). */
async function ringsOfOneSignature(control: Control): Promise<string[]> {
  const { rings } = await control.rings();
  const named: string[] = [];
  for (const ring of rings) {
    const { rules } = await control.approvalPolicy(ring);
    const override = rules.kinds?.override ?? rules.default;
    const endless = rules.kinds?.['hold-without-expiry'] ?? override;
    if (Math.max(override.approvals, endless.approvals) < 2) named.push(ring);
  }
  return named;
}

/** By number, and so the oldest first; none whose record is not what its digest is of. @throws CliError `record-digest-differs` */
async function shown(control: Control, ids: readonly string[]): Promise<ChangeView[]> {
  if (ids.length > MOST)
    throw new CliError('usage', `${ids.length} change requests are more than one paper tells of: ${MOST}`);
  const views: ChangeView[] = [];
  const inOrder = new Intl.Collator('en', { numeric: true });
  for (const id of ids.toSorted(inOrder.compare)) {
    const view = await control.change(id);
    if (view.record !== null) shownDigest(view);
    views.push(view);
  }
  return views;
}

async function decided(
  control: Control,
  period: { readonly from: string; readonly to: string },
): Promise<AuditedEvent[]> {
  const events: AuditedEvent[] = [];
  for (const type of DECISIONS)
    events.push(
      ...(await wholeList('events', (after) => control.audit({ ...period, type, after, limit: 1000 }))),
    );
  return events.sort((a, b) => (BigInt(a.position) < BigInt(b.position) ? -1 : 1));
}
