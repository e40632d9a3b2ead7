import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { uuidv7, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { Admins } from '../../admins.js';
import { CredentialStore } from '../../credentials/credential-store.js';
import { issueEnrolmentSecret } from '../../credentials/enrolment-secret.js';
import { HostProofs } from '../../credentials/host-proofs.js';
import { ResetParts } from '../../credentials/reset-parts.js';
import { requireNewcomer } from '../../domain/person/admin-recovery.js';
import { person, personStream } from '../../domain/person/person.js';
import { People } from '../../people.js';
import { reserve } from '../enrol-person/enrol.js';
import type { Outcome } from '../outcome.js';

/** What nobody is told of has to be good for no longer than it takes to be replaced. */
const SECRET_HOURS = 1;

export interface RequestedRecovery extends Outcome {
  /** Of the secret that the person will set a password with. */
  readonly firstPart: string;
  /** When it may be confirmed, and until when. RFC 3339, UTC. */
  readonly notBefore: string;
  readonly expiresAt: string;
}

/** Whom it is about, where nobody has the login yet. */
export interface Newcomer {
  readonly name: string | null;
  readonly verification: string | null;
}

export class RequestAdminRecovery extends Command<RequestedRecovery> {
  constructor(
    readonly login: string,
    readonly hostProof: string,
    readonly newcomer: Newcomer,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(RequestAdminRecovery)
export class RequestAdminRecoveryHandler implements ICommandHandler<RequestAdminRecovery> {
  constructor(
    private readonly people: People,
    private readonly admins: Admins,
    private readonly proofs: HostProofs,
    private readonly rows: CredentialStore,
    private readonly parts: ResetParts,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ login, hostProof, newcomer, context }: RequestAdminRecovery): Promise<RequestedRecovery> {
    const host = this.proofs.open(hostProof, login, context.at);
    const adminsWhoAct = await this.admins.whoActSince(context.at);
    const known = await this.people.idOf(login);
    // The decider asks this again; here it keeps who is refused from reserving logins.
    if (known === null) requireNewcomer({ login, ...newcomer }, adminsWhoAct);
    const id = known ?? (await reserve(this.streams, login, context));
    const { credential } = await issueEnrolmentSecret(this.rows, id, context.at, SECRET_HOURS);
    const request = uuidv7();
    const command = { person: id, login, ...newcomer, host, request, credential, adminsWhoAct, context };
    const { cursor, state } = await this.streams.decideAndAppend(person, personStream(id), {
      type: 'RequestAdminRecovery',
      ...command,
    });
    const recovery = state.status === 'unknown' || state.status === 'disabled' ? null : state.recovery;
    if (recovery === null) throw new Error('a recovery that was asked for is not in the state');
    const { notBefore, expiresAt } = recovery;
    return { firstPart: this.parts.of(id, request), notBefore, expiresAt, cursor };
  }
}
