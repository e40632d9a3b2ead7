import { PASSWORD, REASON } from '#test/support/control-under-test';
import { askedOf, bodyOf, pathOf, stagesOf } from './bodies.js';
import { OTHER_PASSWORD, SECOND_RING, type Ground, type Heard, type LiveSite } from './live-site.js';
import type { Login } from './people.js';
import { digestsIn } from './recorded.js';
import { SIGNED_ACTS, type Act, type Doing } from './rules.js';
import type { Flaw, Step } from './steps.js';
import type { Ask, ModelRequest, Plan, World } from './world.js';

type Draft = Extract<Step, { kind: 'draft' }>;

interface MoreOfDraft {
  readonly supersedes: ModelRequest | undefined;
  readonly plan: Plan | undefined;
  readonly flaw: Flaw | null;
}

const why = (flaw: Flaw | null) => (flaw === 'no reason' ? {} : { reason: REASON });

/** Gives the product the commands of a run, with what is wrong with them. */
export class Commands {
  private readonly began: string;

  constructor(
    private readonly site: LiveSite,
    private readonly ground: Ground,
    private readonly world: World,
  ) {
    this.began = site.now();
  }

  async draft({ by, asks, submit }: Draft, { supersedes, plan, flaw }: MoreOfDraft): Promise<Heard> {
    const match = flaw === 'stale revision' ? { 'if-match': '"7"' } : {};
    const { ring } = this.ground;
    const head = {
      ring,
      ...stagesOf(plan, SECOND_RING),
      submit,
      ...(supersedes && { supersedes: supersedes.id }),
    };
    const session = await this.session(by, flaw);
    return this.site.post(
      '/v1/change-requests',
      { ...head, ...this.asked(asks), ...why(flaw) },
      session,
      match,
    );
  }

  submitForToken(asks: Ask): Promise<Heard> {
    const body = { ring: this.ground.ring, ...this.asked(asks) };
    return this.site.post('/v1/token-submissions', body, this.ground.token);
  }

  async act(
    { id, plan, status }: ModelRequest,
    { act, by, to }: Doing,
    { asks, flaw }: { readonly asks: Ask; readonly flaw: Flaw | null },
  ): Promise<Heard> {
    const match = flaw === 'stale revision' ? { 'if-match': '"99"' } : {};
    const signed = SIGNED_ACTS.includes(act) ? await this.signed(id, { act, by }, flaw) : {};
    const ring = plan && (status === 'rolling-out' ? this.ground.ring : SECOND_RING);
    const said = bodyOf(act, { asked: this.asked(asks), to: this.account(to), ring });
    const body = { ...(act === 'comments' ? {} : why(flaw)), ...said, ...signed };
    const session = await this.session(by, flaw);
    return this.site.post(`/v1/change-requests/${id}/${pathOf(act)}`, body, session, match);
  }

  async halt(by: Login, flaw: Flaw | null): Promise<Heard> {
    return this.site.post(`/v1/rings/${this.ground.ring}/halt`, why(flaw), await this.session(by, flaw));
  }

  /** Whoever has no second component gives their login as well. */
  private async signed(
    id: string,
    { act, by }: Pick<Doing, 'act' | 'by'>,
    flaw: Flaw | null,
  ): Promise<object> {
    return {
      recordDigest: await this.digest(id, act, flaw),
      login: this.account(by),
      password: passwordOf(flaw),
    };
  }

  /** What is signed; where it is to be a stale one, that of an earlier revision if there was one. */
  private async digest(id: string, act: Act, flaw: Flaw | null): Promise<string> {
    const [now = '1'.repeat(64), before = '0'.repeat(64)] = digestsIn(await this.site.history(id));
    if (flaw === 'stale digest') return before;
    return act === 'ratify' || act === 'refuse-ratification' ? this.site.releaseDigest(id) : now;
  }

  private session(by: Login, flaw: Flaw | null): Promise<string> {
    return this.site.given(this.ground, this.account(by), flaw);
  }

  private account(login: Login): string {
    return login === 'bob' ? this.ground.bob : login;
  }

  /** With the times that it would have now. */
  private asked(asks: Ask): object {
    const place = { began: this.began, snap: this.site.snap() };
    return askedOf(asks, this.world.windowFrom(asks.window), place);
  }
}

function passwordOf(flaw: Flaw | null): string {
  if (flaw === 'login of somebody else') return OTHER_PASSWORD;
  return flaw === 'wrong password' ? 'not the password' : PASSWORD;
}
