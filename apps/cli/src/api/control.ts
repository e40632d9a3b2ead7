import type { Reason } from '#kernel';
import { callApi, type ApiRequest } from './http.js';
import type {
  AuditEvent,
  ChangeDraft,
  ChangeLine,
  ChangeOutcome,
  ChangeView,
  Done,
  Enrolment,
  Item,
  OverrideRow,
  PersonLine,
  Session,
  SiteStatus,
} from './types.js';

type Filter = Readonly<Record<string, string | undefined>>;
interface Signature {
  readonly recordDigest: string;
  readonly password: string;
  readonly reason: Reason;
}

/** Control's REST, one method per call. */
export class Control {
  constructor(
    readonly url: string,
    private readonly token: string | undefined,
    /** Reads wait until the projector has reached this cursor: a person sees what they just did. */
    private readonly atLeast: string | undefined,
  ) {}

  signIn = (login: string, password: string) => this.post<Session>('/v1/sessions', { login, password });
  signOut = () => this.call<void>({ method: 'DELETE', path: '/v1/sessions/current' });

  people = () => this.get<{ people: readonly PersonLine[] }>('/v1/people');
  enrol = (person: { login: string; name: string; roles: readonly string[]; reason: Reason }) =>
    this.post<Enrolment>('/v1/people', person);
  grantRole = (login: string, role: string, reason: Reason) =>
    this.post<Done>(`/v1/people/${part(login)}/roles`, { role, reason });
  revokeRole = (login: string, role: string, reason: Reason) =>
    this.call<Done>({
      method: 'DELETE',
      path: `/v1/people/${part(login)}/roles/${part(role)}`,
      body: { reason },
    });
  disablePerson = (login: string, reason: Reason) =>
    this.post<Done>(`/v1/people/${part(login)}/disable`, { reason });
  setFirstPassword = (login: string, secret: string, password: string) =>
    this.post<void>('/v1/passwords', { login, secret, password });
  closeCommissioning = (reason: Reason) => this.post<Done>('/v1/commissioning/close', { reason });

  draftChange = (draft: { ring?: string; items: readonly Item[]; reason: Reason; submit: true }) =>
    this.post<ChangeDraft>('/v1/change-requests', draft);
  submitChange = (id: string, reason: Reason) => this.post<ChangeOutcome>(`${change(id)}/submit`, { reason });
  withdrawChange = (id: string, reason: Reason) =>
    this.post<ChangeOutcome>(`${change(id)}/withdraw`, { reason });
  approveChange = (id: string, signature: Signature) =>
    this.post<ChangeOutcome>(`${change(id)}/approve`, signature);
  rejectChange = (id: string, signature: Signature) =>
    this.post<ChangeOutcome>(`${change(id)}/reject`, signature);
  changes = (filter: Filter) =>
    this.get<{ changeRequests: readonly ChangeLine[]; next: string | null }>('/v1/change-requests', filter);
  change = (id: string) => this.get<ChangeView>(change(id));

  overrides = (filter: Filter) => this.get<{ overrides: readonly OverrideRow[] }>('/v1/overrides', filter);
  audit = (filter: Filter) =>
    this.get<{ events: readonly AuditEvent[]; next: string | null }>('/v1/audit', filter);
  status = () => this.get<SiteStatus>('/v1/status');

  private get<Answer>(path: string, query: Filter = {}): Promise<Answer> {
    return this.call<Answer>({ method: 'GET', path, query: { ...query, atLeast: this.atLeast } });
  }

  private post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.call<Answer>({ method: 'POST', path, body });
  }

  /** The server is ours: its answers are taken at its OpenAPI document's word. */
  private async call<Answer>(request: ApiRequest): Promise<Answer> {
    return (await callApi(this.url, this.token, request)) as Answer;
  }
}

function change(id: string): string {
  return `/v1/change-requests/${part(id)}`;
}

/** A part of a path, whatever a person typed. */
function part(text: string): string {
  return encodeURIComponent(text);
}
