import type { Reason } from '#kernel';
import type { ApiClient } from '#api-client/client';
import type { Answered } from './answered.js';
import type { InRings, OwnCredentials } from './control-bodies.js';
import type { Role } from './types.js';

/** One person: who they are, what is done about their roles, and what they leave. */
export class PersonCalls {
  constructor(
    private readonly client: ApiClient,
    private readonly answer: Answered,
    private readonly fresh: { readonly atLeast?: string },
  ) {}

  /** @param person a login, or an id */
  show = (person: string) =>
    this.answer(this.client.call('get', '/v1/people/{person}', { path: { person }, query: this.fresh }));
  grantRole = (login: string, role: Role, body: InRings) =>
    this.answer(
      this.client.call('post', '/v1/people/{login}/roles', { path: { login }, body: { role, ...body } }),
    );
  confirmRole = (login: string, role: Role, body: OwnCredentials & InRings) =>
    this.answer(
      this.client.call('post', '/v1/people/{login}/roles/{role}/confirm', { path: { login, role }, body }),
    );
  revokeRole = (login: string, role: Role, body: InRings) =>
    this.answer(
      this.client.call('delete', '/v1/people/{login}/roles/{role}', {
        path: { login, role },
        body,
      }),
    );
  requestSingleSignOn = (login: string, body: { subject: string; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/people/{login}/single-sign-on', { path: { login }, body }));
  removeSingleSignOn = (login: string, reason: Reason) =>
    this.answer(
      this.client.call('post', '/v1/people/{login}/single-sign-on/remove', {
        path: { login },
        body: { reason },
      }),
    );
  requestIdentityReference = (login: string, body: { identityReference: string; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/people/{login}/identity-reference', { path: { login }, body }));
  confirmIdentityReference = (login: string, body: OwnCredentials & { identityReference: string }) =>
    this.answer(
      this.client.call('post', '/v1/people/{login}/identity-reference/confirm', { path: { login }, body }),
    );
  declareSamePerson = (login: string, other: string, reason: Reason) =>
    this.answer(
      this.client.call('post', '/v1/people/{login}/same-person/{other}', {
        path: { login, other },
        body: { reason },
      }),
    );
  revokeSamePerson = (login: string, other: string, reason: Reason) =>
    this.answer(
      this.client.call('delete', '/v1/people/{login}/same-person/{other}', {
        path: { login, other },
        body: { reason },
      }),
    );
  confirmSamePerson = (login: string, other: string, body: OwnCredentials) =>
    this.answer(
      this.client.call('post', '/v1/people/{login}/same-person/{other}/confirm', {
        path: { login, other },
        body,
      }),
    );
  confirmNotSamePerson = (login: string, other: string, body: OwnCredentials) =>
    this.answer(
      this.client.call('post', '/v1/people/{login}/same-person/{other}/confirm-revocation', {
        path: { login, other },
        body,
      }),
    );
  samePersons = () => this.answer(this.client.call('get', '/v1/same-persons', {}));
  leaving = (login: string) =>
    this.answer(
      this.client.call('get', '/v1/people/{login}/leaving', { path: { login }, query: this.fresh }),
    );
  recordTraining = (
    login: string,
    body: { role: 'approver' | 'qa'; document: string; version: string; until: string; reason: Reason },
  ) => this.answer(this.client.call('post', '/v1/people/{login}/training', { path: { login }, body }));
  training = (login: string) =>
    this.answer(this.client.call('get', '/v1/people/{login}/training', { path: { login } }));
  requestRecovery = (
    login: string,
    body: OwnCredentials & { hostProof: string; name?: string; verifiedBy?: string },
  ) => this.answer(this.client.call('post', '/v1/people/{login}/recovery', { path: { login }, body }));
  confirmRecovery = (login: string, body: OwnCredentials) =>
    this.answer(this.client.call('post', '/v1/people/{login}/recovery/confirm', { path: { login }, body }));
  handOver = (id: string, body: { to: string; reason: Reason }) =>
    this.answer(this.client.call('post', '/v1/change-requests/{id}/hand-over', { path: { id }, body }));
}
