import type { Reason } from '#kernel';
import { ApiClient, type Fetch } from '#api-client/client';
import { CliError } from '../cli-error.js';
import { answered } from './answered.js';
import { given, type Given } from './given.js';
import { PersonCalls } from './person-calls.js';
import { SettingCalls } from './setting-calls.js';
import { HoldCalls } from './hold-calls.js';
import { TemplateCalls } from './template-calls.js';
import { MemberCalls } from './member-calls.js';
import { ReviewCalls } from './review-calls.js';
import type { AskedItems, AuditFilter, NewRequest, OwnCredentials, Signature } from './control-bodies.js';
import type { CopyFilter, NotedCopy } from './copy-filter.js';
import { CatalogCalls } from './catalog-calls.js';
import { ChangeLifeCalls } from './change-life-calls.js';
import { NodeCalls } from './node-calls.js';
import { SinkCalls } from './sink-calls.js';
import type {
  ChangeDraft,
  ChangeOutcome,
  ChangeStatus,
  ChangeView,
  NewToken,
  OverrideItem,
} from './types.js';
import { wholeList } from './whole-list.js';

/** Control's REST, one method per call. All throw ProblemError when the server refuses; CliError `unreachable`, `unexpected-answer`. */
export class Control {
  readonly settings: SettingCalls;
  /** What is done with a change request beside deciding on it. */
  readonly life: ChangeLifeCalls;
  readonly sinks: SinkCalls;
  readonly catalog: CatalogCalls;
  readonly nodes: NodeCalls;
  readonly holds: HoldCalls;
  readonly members: MemberCalls;
  readonly templates: TemplateCalls;
  readonly reviews: ReviewCalls;
  readonly person: PersonCalls;
  private readonly client: ApiClient;
  /** Reads wait until the projector has reached this cursor: a person sees what they just did. */
  private readonly fresh: { readonly atLeast?: string };

  constructor(
    readonly url: string,
    token: string | undefined,
    atLeast: string | undefined,
    readonly fetchFrom?: Fetch,
  ) {
    this.client = new ApiClient(url, token, fetchFrom);
    this.fresh = given({ atLeast });
    this.settings = new SettingCalls(this.client, (asked) => this.answer(asked));
    this.catalog = new CatalogCalls(this.client, this.fresh, (asked) => this.answer(asked));
    this.nodes = new NodeCalls(this.client, this.fresh, (asked) => this.answer(asked));
    this.holds = new HoldCalls(this.client, this.fresh, (asked) => this.answer(asked));
    this.members = new MemberCalls(this.client, (asked) => this.answer(asked));
    this.templates = new TemplateCalls(this.client, (asked) => this.answer(asked));
    this.reviews = new ReviewCalls(this.client, this.fresh, (asked) => this.answer(asked));
    this.life = new ChangeLifeCalls(
      this.client,
      (asked) => this.fuller(asked),
      (asked) => this.answer(asked),
    );
    this.sinks = new SinkCalls(this.client, (asked) => this.answer(asked));
    this.person = new PersonCalls(this.client, (asked) => this.answer(asked), this.fresh);
  }

  /** The site's zone, as the last answer said. */
  get zone(): string | undefined {
    return this.client.zone;
  }

  signIn = (body: { login: string; password: string; code?: string }) =>
    this.answer(this.client.call('post', '/v1/sessions', { body }));
  redeemHandOver = (body: { code: string; verifier: string }) =>
    this.answer(this.client.call('post', '/v1/sessions/handed-over', { body }));
  signOut = () => answered(this.url, this.client.call('delete', '/v1/sessions/current', {}));
  changePassword = (body: { login: string; password: string; code?: string; newPassword: string }) =>
    this.answer(this.client.call('post', '/v1/passwords/change', { body }));
  setFirstPassword = (login: string, secret: string, password: string) =>
    answered(this.url, this.client.call('post', '/v1/passwords', { body: { login, secret, password } }));
  offerSecondComponent = (body: OwnCredentials) =>
    this.answer(this.client.call('post', '/v1/me/second-component', { body }));
  confirmSecondComponent = (code: string) =>
    this.answer(this.client.call('post', '/v1/me/second-component/confirm', { body: { code } }));
  securityKeys = () => this.answer(this.client.call('get', '/v1/me/security-keys', {}));
  removeSecurityKey = (id: string, body: OwnCredentials) =>
    this.answer(this.client.call('post', '/v1/me/security-keys/{id}/remove', { path: { id }, body }));
  me = () => this.answer(this.client.call('get', '/v1/me', {}));
  removeSecondComponent = (body: OwnCredentials) =>
    this.answer(this.client.call('post', '/v1/me/second-component/remove', { body }));
  people = () =>
    wholeList('people', (after) =>
      this.answer(this.client.call('get', '/v1/people', { query: { ...given({ after }), ...this.fresh } })),
    );
  rights = (at: string) =>
    this.answer(this.client.call('get', '/v1/rights', { query: { at, ...this.fresh } }));
  enrol = (body: {
    login: string;
    name: string;
    roles: readonly string[];
    verifiedBy?: string;
    identityReference?: string;
    reason: Reason;
  }) => this.answer(this.client.call('post', '/v1/people', { body }));
  requestReset = (login: string, reason: Reason) =>
    this.answer(this.client.call('post', '/v1/people/{login}/reset', { path: { login }, body: { reason } }));
  confirmReset = (login: string, body: OwnCredentials) =>
    this.answer(this.client.call('post', '/v1/people/{login}/reset/confirm', { path: { login }, body }));
  disablePerson = (login: string, reason: Reason) =>
    this.answer(
      this.client.call('post', '/v1/people/{login}/disable', { path: { login }, body: { reason } }),
    );
  tokens = () =>
    wholeList('tokens', (after) =>
      this.answer(this.client.call('get', '/v1/tokens', { query: { ...given({ after }), ...this.fresh } })),
    );
  issueToken = (body: NewToken) => this.answer(this.client.call('post', '/v1/tokens', { body }));
  revokeToken = (id: string, reason: Reason) =>
    this.answer(this.client.call('post', '/v1/tokens/{id}/revoke', { path: { id }, body: { reason } }));
  closeCommissioning = (reason: Reason) =>
    this.answer(this.client.call('post', '/v1/commissioning/close', { body: { reason } }));
  approvalPolicy = (ring: string) =>
    this.answer(this.client.call('get', '/v1/approval-policies/{ring}', { path: { ring } }));
  policy = (ring: string) => this.answer(this.client.call('get', '/v1/policies/{ring}', { path: { ring } }));
  /** With a token, whose standing reason it gets. */
  submitForToken = (body: AskedItems) =>
    this.fuller<ChangeOutcome>(this.client.call('post', '/v1/token-submissions', { body }));
  draftChange = (body: NewRequest) =>
    this.fuller<ChangeDraft>(this.client.call('post', '/v1/change-requests', { body }));
  submitChange = (id: string, reason: Reason) =>
    this.fuller<ChangeOutcome>(
      this.client.call('post', '/v1/change-requests/{id}/submit', { path: { id }, body: { reason } }),
    );
  withdrawChange = (id: string, reason: Reason) =>
    this.fuller<ChangeOutcome>(
      this.client.call('post', '/v1/change-requests/{id}/withdraw', { path: { id }, body: { reason } }),
    );
  approveChange = (id: string, body: Signature) =>
    this.fuller<ChangeOutcome>(
      this.client.call('post', '/v1/change-requests/{id}/approve', { path: { id }, body }),
    );
  /** It approves nothing. */
  reviewChange = (id: string, body: Signature) =>
    this.fuller<ChangeOutcome>(
      this.client.call('post', '/v1/change-requests/{id}/review', { path: { id }, body }),
    );
  rejectChange = (id: string, body: Signature) =>
    this.fuller<ChangeOutcome>(
      this.client.call('post', '/v1/change-requests/{id}/reject', { path: { id }, body }),
    );
  releaseEmergency = (id: string, body: Signature) =>
    this.fuller<ChangeOutcome>(
      this.client.call('post', '/v1/change-requests/{id}/release', { path: { id }, body }),
    );
  ratifyEmergency = (id: string, body: Signature) =>
    this.fuller<ChangeOutcome>(
      this.client.call('post', '/v1/change-requests/{id}/ratify', { path: { id }, body }),
    );
  refuseRatification = (id: string, body: Signature) =>
    this.fuller<ChangeOutcome>(
      this.client.call('post', '/v1/change-requests/{id}/refuse-ratification', { path: { id }, body }),
    );
  rollBack = (id: string, ring?: string) => {
    const at = { path: { id }, query: ring === undefined ? {} : { ring } };
    return this.answer(this.client.call('get', '/v1/change-requests/{id}/roll-back', at));
  };
  emergencies = () => this.answer(this.client.call('get', '/v1/emergencies', {}));
  changes = (filter: Given<{ status: ChangeStatus; limit: number; after: string }>) =>
    this.answer(
      this.client.call('get', '/v1/change-requests', { query: { ...given(filter), ...this.fresh } }),
    );
  change = (id: string) =>
    this.fuller<ChangeView>(
      this.client.call('get', '/v1/change-requests/{id}', { path: { id }, query: this.fresh }),
    );
  signingQueue = () => this.answer(this.client.call('get', '/v1/signing-queue', { query: this.fresh }));
  changeDifferences = (id: string) =>
    this.answer(
      this.client.call('get', '/v1/change-requests/{id}/differences', { path: { id }, query: this.fresh }),
    );
  overrides = (filter: Given<{ ring: string; snap: string }>) =>
    wholeList('overrides', (after) => {
      const query = { ...given({ ...filter, after }), ...this.fresh };
      return this.answer(this.client.call('get', '/v1/overrides', { query }));
    });
  access = (ring: string) =>
    this.answer(this.client.call('get', '/v1/access', { query: { ring, ...this.fresh } }));
  previewOverrides = (body: { ring: string; items: readonly OverrideItem[] }) =>
    this.answer(this.client.call('post', '/v1/override-previews', { body }));
  /** As the Snap Store Proxy's clients do, with a token. `location` is the change request's address. */
  submitStoreOverrides = async (ring: string, items: readonly OverrideItem[]) => {
    const body = items.map(({ snap, channel, revision }) => {
      return { snap_name: snap, channel, revision, series: '16' as const };
    });
    const asked = this.client.callForLocation('post', '/v2/metadata/overrides', { query: { ring }, body });
    const { answer, location } = await answered(this.url, asked);
    return { ...(await this.answer(Promise.resolve(answer))), location };
  };
  deliveries = (
    filter: Given<{ device: string; snap: string; revision: number; limit: number; after: string }>,
  ) => this.answer(this.client.call('get', '/v1/deliveries', { query: { ...given(filter), ...this.fresh } }));
  installed = (device: string) =>
    this.answer(this.client.call('get', '/v1/installed', { query: { device, ...this.fresh } }));
  installedRevisions = (filter: Given<{ since: string; ring: string }>) =>
    this.answer(
      this.client.call('get', '/v1/installed-revisions', { query: { ...given(filter), ...this.fresh } }),
    );
  differences = (filter: Given<{ snap: string; since: string; limit: number; after: string }>) =>
    this.answer(this.client.call('get', '/v1/shadow', { query: { ...given(filter), ...this.fresh } }));
  rings = () => this.answer(this.client.call('get', '/v1/rings', {}));
  createRing = (body: { name: string; before?: string; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/rings', { body }));
  updateMatrix = (filter: Given<{ snap: string; reviewAfterDays: number }>) =>
    this.answer(this.client.call('get', '/v1/update-matrix', { query: { ...given(filter), ...this.fresh } }));
  halt = (ring: string, body: { snap?: string; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/rings/{ring}/halt', { path: { ring }, body }));
  audit = (filter: Given<AuditFilter>) =>
    this.answer(this.client.call('get', '/v1/audit', { query: { ...given(filter), ...this.fresh } }));
  /** That a copy is being made of the record, before its first byte is written (R01). */
  noteCopy = (body: NotedCopy) => this.answer(this.client.call('post', '/v1/record-copies', { body }));
  /** The record as a copy, as it comes. @throws ProblemError, CliError `unreachable` */
  async *exportedTrail(filter: Given<CopyFilter>): AsyncGenerator<Uint8Array> {
    const chunks = this.client.stream('/v1/audit/export', { query: { ...given(filter), ...this.fresh } });
    for (;;) {
      const next: IteratorResult<Uint8Array, void> = await answered(this.url, chunks.next());
      if (next.done) return;
      yield next.value;
    }
  }
  status = () => this.answer(this.client.call('get', '/v1/status', { query: this.fresh }));

  private async answer<Answer>(asked: Promise<Answer>): Promise<Answer> {
    const answer = await answered(this.url, asked);
    if (answer !== undefined) return answer;
    throw new CliError('unexpected-answer', `${this.url} answers, but not as Holdfast's control does`);
  }

  /** Where the document says less than the answer holds: a status without its words, an actor without members. */
  private fuller<Answer>(asked: Promise<unknown>): Promise<Answer> {
    return this.answer(asked) as Promise<Answer>;
  }
}
