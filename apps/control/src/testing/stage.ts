import pg from 'pg';
import { auditTrailProjections } from '#audit-trail/projections';
import { catalogProjections } from '#catalog/projections';
import { fleetProjections } from '#fleet/projections';
import { identityProjections } from '#identity/projections';
import type { Role } from '#identity/published';
import { changeRequest, changeRequestStream } from '#release-control/domain/change-request/change-request';
import { draftDigestOf } from '#release-control/domain/change-request/record';
import { applyReactor } from '#release-control/reactors/apply-approved-change/reactor';
import { captureReactor } from '#release-control/reactors/capture-submitted-change/reactor';
import { releaseControlProjections } from '#release-control/projections';
import { reviewsProjections } from '#reviews/projections';
import { site, SITE_STREAM } from '#site/published';
import { ControlUnderTest, PASSWORD, REASON, type Answer } from '#test/support/control-under-test';
import { byWorker } from '#test/support/decider-specification';
import { SignOnPage } from '#test/support/sign-on-page';
import type { SmallIdentityProvider } from '#test/support/small-identity-provider';
import { everyRevision } from '#test/support/every-revision';
import { ProjectorOnDemand } from '#test/support/project';
import { CREW, overOnceBackTo } from './crew.js';

/** A site with people of every role, whose read models are live, and follow when they are told to. */
export class Stage {
  private numbers = 0;

  private constructor(
    readonly control: ControlUnderTest,
    readonly projector: ProjectorOnDemand,
    private readonly client: pg.Client,
    /** By login; one that is over gives way to another. */
    readonly sessions: Map<string, string>,
    private readonly provider: SmallIdentityProvider | undefined,
  ) {}

  /** What a browser does of single sign-on, on a site that has it. */
  signOnPage(): SignOnPage {
    return new SignOnPage(this.control, async (address, subject) => {
      if (!this.provider) throw new Error('the site has no identity provider');
      return this.provider.back(address, subject);
    });
  }

  static async set(control: ControlUnderTest, provider?: SmallIdentityProvider): Promise<Stage> {
    await control.adapters.streams.decideAndAppend(site, SITE_STREAM, {
      type: 'FoundSite',
      context: byWorker(SITE_STREAM),
      identity: { origin: 'site.example/log', ledgerKey: 'ledger', policyKey: 'policy' },
    });
    const client = new pg.Client({ connectionString: control.database.url('projector') });
    await client.connect();
    const projector = await ProjectorOnDemand.start(client, control.adapters.store, [
      ...identityProjections(),
      ...catalogProjections(),
      ...fleetProjections(),
      ...releaseControlProjections(),
      ...auditTrailProjections(),
      ...reviewsProjections(),
    ]);
    const admin = await control.admin();
    await control.keepSessions(admin);
    const stage = new Stage(control, projector, client, new Map([['admin', admin]]), provider);
    for (const [login, ...roles] of CREW) await stage.enrol(login, roles);
    await projector.catchUp();
    return stage;
  }

  /** The clock is set back. Sessions that control saw the end of are over all the same, and give way to others. */
  async backTo(at: string): Promise<void> {
    for (const login of overOnceBackTo(at, this.control.clock))
      this.sessions.set(login, await this.control.signIn(login));
  }

  async end(): Promise<void> {
    await this.client.end();
    await this.control.stop();
  }

  /** One more person, signed in. @returns the login */
  async enrol(login: string, roles: readonly Role[]): Promise<string> {
    await this.control.enrol(this.token('admin'), login, roles);
    this.sessions.set(login, await this.control.signIn(login));
    return login;
  }

  /** Somebody on whom nothing else depends. */
  somebody(...roles: readonly Role[]): Promise<string> {
    return this.enrol(this.name('person'), roles);
  }

  /** The session of somebody who is signed in. */
  token(login: string): string {
    const session = this.sessions.get(login);
    if (session === undefined) throw new Error(`${login} is not signed in`);
    return session;
  }

  /** A number that was not used before. */
  next(): number {
    return ++this.numbers;
  }

  /** A word that was not used before. */
  name(word: string): string {
    return `${word}-${this.next()}`;
  }

  /** Commissioning is closed: what takes two people takes them. */
  async commissioned(): Promise<void> {
    const asked = { token: this.token('admin'), body: { reason: REASON } };
    const { status, text, json } = await this.control.ask('POST', '/v1/commissioning/close', asked);
    if (status !== 200 && json['code'] !== 'commissioning-already-closed') throw new Error(text);
  }

  async post(login: string, url: string, body: object): Promise<Answer> {
    const answer = await this.control.ask('POST', url, { token: this.token(login), body });
    if (answer.status >= 300) throw new Error(`${url}: ${answer.status} ${answer.text}`);
    return answer;
  }

  /** The name of a snap that the ring default holds. */
  async held(): Promise<string> {
    const { state } = await this.control.adapters.streams.load(
      changeRequest,
      changeRequestStream(await this.effective()),
    );
    const [item] = 'items' in state ? state.items : [];
    if (item === undefined || !('name' in item)) throw new Error('nothing is held');
    return item.name;
  }

  /** A request of ana's that waits for signatures. */
  captured(): Promise<{ readonly id: string; readonly recordDigest: string }> {
    const items = [{ snap: this.name('lab-tool'), channel: 'latest/stable', revision: 1 }];
    return this.asked('ana', { items });
  }

  /** What the author of a draft signs. */
  async draftDigest(id: string): Promise<string> {
    const { streams } = this.control.adapters;
    const { state } = await streams.load(changeRequest, changeRequestStream(id));
    if (state.status !== 'drafted') throw new Error(`${id} is ${state.status}`);
    return draftDigestOf(state);
  }

  /** What the worker does with a request, for an upstream that has every revision of every snap. */
  async settle(id: string): Promise<void> {
    const { streams: writer, clock } = this.control.adapters;
    const capture = captureReactor({ writer, clock, capture: everyRevision });
    for (const reactor of [capture, applyReactor({ writer, clock })])
      for (const envelope of await this.control.history(changeRequestStream(id)))
        await reactor.handle({ envelope });
    await this.projector.catchUp();
  }

  /** A change in an emergency, which fay, who is on call, may release. */
  async emergency(): Promise<{ readonly id: string; readonly recordDigest: string }> {
    const rules = {
      default: { approvals: 1, roles: { approver: 1 }, order: 'any' },
      emergency: { onCall: ['fay'], snaps: ['lab-tool'], ratifyWithinHours: 12 + this.next() },
    };
    const policy = await this.asked('ana', { items: [{ kind: 'approval-policy', rules }] });
    await this.post('ben', `/v1/change-requests/${policy.id}/approve`, {
      recordDigest: policy.recordDigest,
      password: PASSWORD,
      reason: REASON,
    });
    await this.settle(policy.id);
    const items = [{ snap: 'lab-tool', channel: 'stable', revision: this.next() }];
    return this.asked('fay', { items, emergency: true });
  }

  /** One that was released, and waits for the two who ratify it. */
  async released(): Promise<{ readonly id: string; readonly recordDigest: string }> {
    const { id, recordDigest } = await this.emergency();
    const body = { recordDigest, password: PASSWORD, reason: REASON };
    await this.post('fay', `/v1/change-requests/${id}/release`, body);
    await this.settle(id);
    return this.toSign(id);
  }

  /** A template of the ring default that ben approved. @returns what names it */
  async template(): Promise<{ readonly name: string; readonly version: number; readonly snap: string }> {
    const snap = await this.held();
    const name = this.name('standard');
    const until = new Date(Date.parse(this.control.clock.now()) + 86_400_000).toISOString();
    const words = { channels: 'all', architectures: 'all', passes: [], usedBy: ['approver'] };
    const limits = { mostTargets: 1, uses: { most: 1, days: 1 }, until };
    const template = { name, snaps: [snap], ...words, ...limits };
    const { id, recordDigest } = await this.asked('ana', { items: [{ kind: 'template', template }] });
    const body = { recordDigest, password: PASSWORD, reason: REASON };
    await this.post('ben', `/v1/change-requests/${id}/approve`, body);
    await this.settle(id);
    return { name, version: 1, snap };
  }

  /** A draft of fay's under a template, to be signed. */
  async standardChange(): Promise<{ readonly id: string; readonly recordDigest: string }> {
    const { snap, name, version } = await this.template();
    const items = [{ snap, channel: 'latest/stable', revision: 2 }];
    const asked = { items, template: { name, version }, reason: REASON };
    const id = String((await this.post('fay', '/v1/change-requests', asked)).json['id']);
    await this.projector.catchUp();
    const { json } = await this.control.ask('GET', `/v1/change-requests/${id}`, { token: this.token('fay') });
    const { useDigest } = json['standardChange'] as { readonly useDigest: string };
    return { id, recordDigest: useDigest };
  }

  /** What somebody asks for, and the digest of what is signed of it. */
  async asked(login: string, body: object): Promise<{ readonly id: string; readonly recordDigest: string }> {
    const { json } = await this.post(login, '/v1/change-requests', { ...body, reason: REASON });
    await this.settle(String(json['id']));
    return this.toSign(String(json['id']));
  }

  private async toSign(id: string): Promise<{ readonly id: string; readonly recordDigest: string }> {
    const { json } = await this.control.ask('GET', `/v1/change-requests/${id}`, { token: this.token('ana') });
    const { releaseDigest } = (json['emergency'] ?? {}) as { readonly releaseDigest?: string };
    return { id, recordDigest: releaseDigest ?? String(json['recordDigest']) };
  }

  /** A change that was approved, and has not taken effect. @returns its id */
  async approved(): Promise<string> {
    const { id, recordDigest } = await this.captured();
    const body = { recordDigest, password: PASSWORD, reason: REASON };
    await this.post('ben', `/v1/change-requests/${id}/approve`, body);
    return id;
  }

  /** A change that was approved and took effect. @returns its id */
  async effective(): Promise<string> {
    const id = await this.approved();
    await this.settle(id);
    return id;
  }

  /** A token of ana's for the default ring. */
  async apiToken(): Promise<{ readonly id: string; readonly token: string }> {
    const body = {
      name: this.name('nightly'),
      standingReason: REASON,
      rings: ['default'],
      password: PASSWORD,
      reason: REASON,
    };
    const { json } = await this.post('ana', '/v1/tokens', body);
    return { id: String(json['id']), token: String(json['token']) };
  }
}
