import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fold, type CommandContext, type Timed } from '#kernel';
import { byPerson, byWorker } from '#test/support/decider-specification';
import { BUILT_IN_POLICY } from '../approval-policy/approval-policy.js';
import { changeRequest } from '../change-request/change-request.js';
import type { ChangeRequestCommand } from '../change-request/commands.js';
import type { ChangeRequestEvent, Choice, OverrideChange } from '../change-request/events.js';
import { useDigestOf } from '../change-request/record.js';
import { isByTemplate } from '../change-request/use-of-template.js';
import type { ChangeRequest } from '../change-request/state.js';
import { signerOf } from '../change-request/use-template.js';
import { ReleaseControlError } from '../errors.js';
import { releasePolicy, type ReleasePolicyCommand } from '../release-policy/release-policy.js';
import type { ReleasePolicyEvent } from '../release-policy/events.js';
import { servedSince } from '../release-policy/served-since.js';
import { TemplateDoesNotApply, templateIn } from '../release-policy/templates.js';
import { targetKey } from '../../release-target.js';
import type { Template } from './template.js';

const PEOPLE = ['Ana', 'Ben', 'Cyd'];
const SNAPS = ['lab-fw', 'lab-tool'];
const HOUR = 3_600_000;
const START = Date.parse('2026-11-22T12:00:00.000Z');
const subject = (name: string) => ({ format: 'snap', subject: `id-of-${name}` });
const target = (name: string) => ({ ...subject(name), channel: 'latest/stable', architecture: 'amd64' });
const choice = (revision: number): Choice => ({
  version: String(revision),
  manifest: String(revision).padStart(64, '0'),
});

const template = fc.record({
  snaps: fc.subarray(SNAPS, { minLength: 1 }),
  mostTargets: fc.integer({ min: 1, max: 2 }),
  passes: fc.subarray(['size', 'epoch']),
  soak: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined, freq: 2 }),
  most: fc.integer({ min: 1, max: 2 }),
  usedBy: fc.constantFrom('approver' as const, 'qa' as const),
  hours: fc.integer({ min: 4, max: 60 }),
});
const difference = fc.oneof(
  { weight: 5, arbitrary: fc.constant('none') },
  { weight: 2, arbitrary: fc.constantFrom('size', 'epoch', 'publisher', 'plug home', 'unknown') },
);
const use = fc.record({
  by: fc.constantFrom(...PEOPLE),
  change: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...SNAPS),
      // 0: what the ring of the soak has.
      revision: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5 })),
      differs: difference,
    }),
    { minLength: 1, maxLength: 2, selector: ({ name }) => name },
  ),
  // Hours between the steps of a use: what holds at each of them may be otherwise.
  after: fc.integer({ min: 0, max: 3 }),
  between: fc.oneof(
    { weight: 6, arbitrary: fc.constant('nothing') },
    { weight: 2, arbitrary: fc.constantFrom('withdrawn', 'approved anew', 'halted', 'lost the role') },
  ),
});
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ approve: template, signers: fc.subarray(PEOPLE, { minLength: 1, maxLength: 2 }) }),
  },
  { weight: 6, arbitrary: fc.record({ use }) },
  { weight: 1, arbitrary: fc.record({ halt: fc.constantFrom('halted', 'resumed', 'resumed') }) },
  { weight: 1, arbitrary: fc.constant({ withdraw: true as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      override: fc.constantFrom(...SNAPS),
      ring: fc.constantFrom('pilot', 'pilot', 'pilot', 'production'),
      revision: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 12 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Limits = typeof template extends fc.Arbitrary<infer Value> ? Value : never;
type Use = typeof use extends fc.Arbitrary<infer Value> ? Value : never;

function must(so: boolean, what: string): void {
  if (!so) throw new Error(`it is not so that ${what}`);
}

/** What there is, written down a second time, with none of the domain's words: what the deciders know is in the streams. */
class World {
  now = START;
  halted = false;
  template:
    | (Limits & { readonly version: number; readonly signers: readonly string[]; readonly until: number })
    | undefined;
  lastVersion = 0;
  readonly roles = new Map<string, readonly string[]>(
    PEOPLE.map((name) => [name, ['author', 'approver', 'qa']]),
  );
  readonly held = new Map<string, { readonly revision: number; readonly since: number }>();
  readonly used: number[] = [];
  applied = 0;
  refused = 0;

  readonly policy: ReleasePolicyEvent[] = [];
  readonly pilot: Timed<ReleasePolicyEvent>[] = [];
  private request = 0;

  at(): string {
    return new Date(this.now).toISOString();
  }

  private worker(id: string): CommandContext {
    return { ...byWorker(`change-request/${id}`), at: this.at() };
  }

  private ring(command: ReleasePolicyCommand): readonly ReleasePolicyEvent[] {
    const events = releasePolicy.decide(command, fold(releasePolicy, this.policy));
    this.policy.push(...events);
    return events;
  }

  take(happens: Step): void {
    if ('hours' in happens) this.now += happens.hours * HOUR;
    else if ('halt' in happens) this.halt(happens.halt === 'halted');
    else if ('withdraw' in happens) this.withdraw();
    else if ('approve' in happens) this.approve(happens.approve, happens.signers);
    else if ('override' in happens) this.override(happens);
    else this.uses(happens.use);
  }

  halt(halted: boolean): void {
    if (halted === this.halted) return;
    this.halted = halted;
    const id = `halt-${this.policy.length}`;
    const halt = { id, at: this.at(), by: 'Olga', why: 'odd' };
    this.policy.push(
      halted
        ? { type: 'RingHalted', data: { halt, old: [], new: [id] } }
        : { type: 'RingResumed', data: { old: [id], new: [], changeRequest: this.next() } },
    );
  }

  withdraw(): void {
    if (this.template === undefined) return;
    this.template = undefined;
    const context = byPerson('Ben', ['approver'], { at: this.at() });
    this.ring({ type: 'WithdrawTemplate', ring: 'production', name: 'standard', context });
  }

  approve(limits: Limits, signers: readonly string[]): void {
    const until = this.now + limits.hours * HOUR;
    const { snaps, soak, most, hours: _, ...rest } = limits;
    const set: Template = {
      ...rest,
      name: 'standard',
      snaps: snaps.map((name) => ({ ...subject(name), name })),
      channels: 'all',
      architectures: 'all',
      ...(soak === undefined ? {} : { soak: { ring: 'pilot', hours: soak, verified: false } }),
      uses: { most, days: 1 },
      usedBy: [limits.usedBy],
      until: new Date(until).toISOString(),
    };
    const old = fold(releasePolicy, this.policy).templates.get('standard')?.granted?.template ?? null;
    const approvedBy = signers.map((name) => ({ person: `id-of-${name}`, name, signedAt: this.at() }));
    const id = this.next();
    const changes = [{ kind: 'template' as const, name: 'standard', old, new: set }];
    this.ring({ type: 'ApplyChange', changeRequest: id, changes, approvedBy, context: this.worker(id) });
    this.lastVersion += 1;
    this.template = { ...limits, version: this.lastVersion, signers, until };
  }

  override({
    override: name,
    ring,
    revision,
  }: {
    readonly override: string;
    readonly ring: string;
    readonly revision: number;
  }): void {
    const data = { target: target(name), name, old: null, new: choice(revision), changeRequest: this.next() };
    const event: ReleasePolicyEvent = { type: 'OverrideSet', data };
    if (ring === 'production') this.policy.push(event);
    else {
      this.pilot.push({ ...event, at: this.at() });
      if (this.held.get(name)?.revision !== revision) this.held.set(name, { revision, since: this.now });
    }
  }

  private next(): string {
    this.request += 1;
    return `CR-2026-${String(this.request).padStart(4, '0')}`;
  }

  /** All of a use's life, with whatever happens between its steps. */
  uses({ change, ...how }: Use): void {
    const asked = {
      ...how,
      change: change.map((each) => ({
        ...each,
        revision: each.revision === 0 ? (this.held.get(each.name)?.revision ?? 2) : each.revision,
      })),
    };
    const named = this.template;
    if (named === undefined) return;
    const id = this.next();
    const history: ChangeRequestEvent[] = [];
    const decide = (command: ChangeRequestCommand): ChangeRequest => {
      history.push(...changeRequest.decide(command, fold(changeRequest, history)));
      return fold(changeRequest, history);
    };
    const person = () =>
      byPerson(asked.by, this.roles.get(asked.by) ?? [], { auth: 'password', at: this.at() });
    const ref = { name: 'standard', version: named.version };
    const items = asked.change.map(({ name, revision }) => ({
      format: 'snap',
      name,
      channel: 'latest/stable',
      version: String(revision),
    }));
    const ringNow = () => fold(releasePolicy, this.policy);
    try {
      decide({
        type: 'DraftChange',
        id,
        ring: 'production',
        items,
        template: ref,
        submit: false,
        context: person(),
      });
      const draft = {
        id,
        ring: 'production',
        author: { id: `id-of-${asked.by}`, name: asked.by },
        reason: person().reason,
        items,
        template: ref,
      };
      const signature = {
        meaning: 'released-by-template' as const,
        signer: `id-of-${asked.by}`,
        printedName: asked.by,
        signedAt: this.at(),
        components: ['password' as const],
        credential: 'credential-1',
        recordDigest: useDigestOf(draft),
      };
      const granted = ringNow().templates.get('standard')?.granted ?? null;
      decide({ type: 'UseTemplate', signature, policy: BUILT_IN_POLICY, granted, context: person() });
    } catch (error) {
      if (!(error instanceof ReleaseControlError)) throw error;
      this.refused += 1;
      return;
    }
    const changes = asked.change.map((each) => this.changeOf(each));
    const facts = () => ({
      signerNow: { roles: (this.roles.get(asked.by) ?? []).filter((role) => role !== 'author'), resets: 0 },
      soak: { source: fold(servedSince, this.pilot), found: new Map() },
    });
    const captured = decide({
      type: 'ReportCapture',
      submission: 1,
      changes,
      template: { ...templateIn(ringNow(), ref, changes), ...facts(), policy: BUILT_IN_POLICY },
      context: this.worker(id),
    });
    this.meanwhile(asked);
    if (captured.status !== 'approved' || !isByTemplate(captured) || captured.use === undefined) return;
    decide({ type: 'StartChange', policy: BUILT_IN_POLICY, applied: false, context: this.worker(id) });
    const before = new Map(
      SNAPS.map((name) => [name, Number(ringNow().overrides.get(targetKey(target(name)))?.version ?? 0)]),
    );
    try {
      const byTemplate = { use: { ref, signer: signerOf(captured.use.signature) }, ...facts() };
      const events = this.ring({
        type: 'ApplyChange',
        changeRequest: id,
        changes,
        byTemplate,
        context: this.worker(id),
      });
      must(
        events.some(({ type }) => type === 'TemplateUsed'),
        'it is noted',
      );
      this.requireWithin(asked, named.version, before);
      this.used.push(this.now);
      this.applied += 1;
    } catch (error) {
      if (error instanceof TemplateDoesNotApply) {
        const review = decide({
          type: 'VoidTemplateUse',
          reasons: error.reasons,
          policy: BUILT_IN_POLICY,
          context: this.worker(id),
        });
        must(
          review.status === 'in-review' && review.signatures.length === 0,
          'it is in review, signed by nobody',
        );
      } else if (!(error instanceof ReleaseControlError)) throw error;
      this.refused += 1;
    } finally {
      this.roles.set(asked.by, ['author', 'approver', 'qa']);
    }
  }

  private changeOf({ name, revision, differs }: Use['change'][number]): OverrideChange {
    const held = fold(releasePolicy, this.policy).overrides.get(targetKey(target(name)));
    const old = held ? { version: held.version, manifest: held.manifest } : null;
    const lines =
      differs === 'publisher' || differs === 'plug home' ? [{ what: differs, old: 'a', new: 'b' }] : [];
    const marks = differs === 'size' || differs === 'epoch' ? [{ code: differs, text: differs }] : [];
    const more = differs === 'unknown' ? {} : { difference: { lines, marks } };
    return { target: target(name), name, old, new: choice(revision), ...more };
  }

  private meanwhile({ between, after, by }: Use): void {
    if (between === 'withdrawn') this.withdraw();
    if (between === 'halted') this.halt(true);
    if (between === 'lost the role') this.roles.set(by, ['author']);
    if (between === 'approved anew' && this.template) this.approve(this.template, this.template.signers);
    this.now += after * HOUR;
  }

  /** The limits in other words, on what is so now. */
  private requireWithin(asked: Use, version: number, before: ReadonlyMap<string, number>): void {
    const { template: limits } = this;
    if (limits === undefined) throw new Error('a use took effect without a template');
    must(version === limits.version, 'it is in force');
    must(this.now < limits.until, 'it has not ended');
    must(!this.halted, 'nothing is halted');
    must(!limits.signers.includes(asked.by), 'its user did not sign it');
    must(this.roles.get(asked.by)?.includes(limits.usedBy) === true, 'its user holds the role');
    must(
      this.used.filter((at) => this.now - at < 24 * HOUR).length < limits.most,
      'it was not used too often',
    );
    must(asked.change.length <= limits.mostTargets, 'it is of no more than it may');
    for (const { name, revision, differs } of asked.change) {
      const held = before.get(name) ?? 0;
      must(limits.snaps.includes(name), 'the snap is named');
      must(held > 0 && revision > held, 'it is newer than what is held');
      must(differs === 'none' || limits.passes.some((mark) => mark === differs), 'its marks pass');
      if (limits.soak === undefined) continue;
      const { revision: soaking, since } = this.held.get(name) ?? { revision: 0, since: Infinity };
      must(soaking === revision, 'it is what soaks');
      must(this.now - since >= limits.soak * HOUR, 'it has soaked');
    }
  }
}

it('R26, R27: no use outside the limits of its template ever takes effect', () => {
  let applied = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 12, maxLength: 40 }), (steps) => {
      const world = new World();
      for (const name of SNAPS) world.override({ override: name, ring: 'production', revision: 1 });
      for (const happens of steps) world.take(happens);
      applied += world.applied;
      refused += world.refused;
    }),
    { numRuns: 400 },
  );
  // What never takes effect is never outside either.
  expect(applied).toBeGreaterThan(20);
  expect(refused).toBeGreaterThan(100);
});
