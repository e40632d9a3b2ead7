import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import type { Folded } from '#platform/folded-states';
import { STREAM_WRITER } from '#platform/tokens';
import { CREDENTIAL_RULES, type ReadCredentialRules } from './credentials/credential-rules.js';
import { isInCommissioning } from './domain/authority.js';
import { roleOf, type HeldRole } from './domain/roles.js';
import {
  isTrainedRole,
  requireTrained,
  trainedRoles,
  training,
  trainingStream,
  type Training,
} from './domain/training/training.js';

interface Somebody {
  readonly id: string;
  readonly name: string;
  readonly login: string;
}

/** Where the site asks for it, nobody holds a role that signs, nor signs with it, without a record that they are trained for it (R35). */
@Injectable()
export class TrainingGate {
  constructor(
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CREDENTIAL_RULES) private readonly rules: ReadCredentialRules,
  ) {}

  /** As {@link of}, and at which revision. */
  load(person: string): Promise<Folded<Training>> {
    return this.streams.load(training, trainingStream(person));
  }

  async of(person: string): Promise<Training> {
    return (await this.load(person)).state;
  }

  /** What is asked for first and confirmed later is looked at when it is confirmed. @throws IdentityError `not-trained` */
  async requireForGrant(
    person: Somebody,
    roles: readonly HeldRole[],
    context: CommandContext,
    step: 'asked' | 'confirmed',
  ): Promise<void> {
    if (step === 'asked' && !isInCommissioning(context)) return;
    const asked = new Set(roles.map(roleOf).filter(isTrainedRole));
    if (asked.size === 0 || (await this.rules()).training !== 'required') return;
    const state = await this.of(person.id);
    for (const role of asked) requireTrained(person, role, state, context.at);
  }

  /**
   * The roles in which somebody may sign now.
   * @throws IdentityError `not-trained` for who holds roles that sign, and is trained for none of them
   */
  async forSigning(person: Somebody, roles: readonly HeldRole[], at: string): Promise<readonly HeldRole[]> {
    const signing = roles.map(roleOf).filter(isTrainedRole);
    const [first] = signing;
    if (first === undefined || (await this.rules()).training !== 'required') return roles;
    const state = await this.of(person.id);
    const trained = trainedRoles(roles, state, at);
    if (!trained.some((held) => isTrainedRole(roleOf(held)))) requireTrained(person, first, state, at);
    return trained;
  }
}
