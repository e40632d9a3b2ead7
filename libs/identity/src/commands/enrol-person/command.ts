import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import { requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { CredentialStore } from '../../credentials/credential-store.js';
import { CREDENTIAL_RULES, type ReadCredentialRules } from '../../credentials/credential-rules.js';
import { ResetParts } from '../../credentials/reset-parts.js';
import { IdentityReferences } from '../../identity-references/identity-references.js';
import { ReferenceDigests } from '../../identity-references/reference-digests.js';
import { TrainingGate } from '../../training-gate.js';
import { ringOf, type HeldRole } from '../../domain/roles.js';
import { enrol, type Enrolled } from './enrol.js';

/** A week: the person may be away when they are enrolled. */
const SECRET_HOURS = 7 * 24;

export interface EnrolledPerson extends Omit<Enrolled, 'reset'> {
  /** `enrolmentSecret` is the first part; who confirms the reset is given the other one. */
  readonly inTwoParts: boolean;
}

export class EnrolPerson extends Command<EnrolledPerson> {
  constructor(
    readonly login: string,
    readonly name: string,
    readonly roles: readonly HeldRole[],
    readonly verification: string | null,
    /** By what the site knows the human; null: nobody says it. */
    readonly identityReference: string | null,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(EnrolPerson)
export class EnrolPersonHandler implements ICommandHandler<EnrolPerson> {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    private readonly rows: CredentialStore,
    private readonly parts: ResetParts,
    private readonly training: TrainingGate,
    private readonly digests: ReferenceDigests,
    private readonly references: IdentityReferences,
    @Inject(CREDENTIAL_RULES) private readonly rules: ReadCredentialRules,
  ) {}

  async execute(command: EnrolPerson): Promise<EnrolledPerson> {
    const { login, name, roles, verification, identityReference, context } = command;
    for (const ring of new Set(roles.flatMap((role) => ringOf(role) ?? [])))
      await requireKnownRing(this.streams, ring);
    // Of somebody new nothing is recorded yet.
    await this.training.requireForGrant({ id: login, name, login }, roles, context, 'asked');
    const reference = {
      digest: identityReference === null ? null : this.digests.of(identityReference),
      rule: (await this.rules()).identityReference,
    };
    const claim = (digest: string, id: string) => this.references.claim(digest, id, context);
    const who = { login, name, roles, verification, reference, claim };
    const person = { ...who, firstAdmin: false, hours: SECRET_HOURS };
    const { reset, ...enrolled } = await enrol(this.streams, this.rows, person, context);
    if (reset === null) return { ...enrolled, inTwoParts: false };
    return { ...enrolled, enrolmentSecret: this.parts.of(enrolled.person, reset), inTwoParts: true };
  }
}
