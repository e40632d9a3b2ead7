import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { Credentials } from '../../credentials/credentials.js';
import { requireGoodPassword } from '../../credentials/password-quality.js';
import { pretendToVerify } from '../../credentials/verifier.js';
import { IdentityError } from '../../domain/errors.js';
import { person, personStream } from '../../domain/person/person.js';
import { People } from '../../people.js';
import { ownContext } from '../../service-context.js';

export class SetFirstPassword extends Command<void> {
  constructor(
    readonly login: string,
    readonly secret: string,
    readonly password: string,
  ) {
    super();
  }
}

@CommandHandler(SetFirstPassword)
export class SetFirstPasswordHandler implements ICommandHandler<SetFirstPassword> {
  constructor(
    private readonly people: People,
    private readonly credentials: Credentials,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ login, secret, password }: SetFirstPassword): Promise<void> {
    requireGoodPassword(password, login);
    const id = await this.people.idOf(login);
    const found = id === null ? undefined : await this.people.load(id);
    if (id === null || found?.status !== 'enrolled') {
      await pretendToVerify(secret);
      throw refused();
    }
    if (!(await this.credentials.isRight(id, found.enrolment, secret))) throw refused();
    const credential = await this.credentials.make(id, password);
    await this.streams.decideAndAppend(person, personStream(id), {
      type: 'SetFirstPassword',
      credential,
      enrolment: found.enrolment.id,
      context: ownContext(id, found, await this.people.authOf('password'), this.clock.now(), {
        code: 'first-password',
        text: 'set the first password with the enrolment secret',
      }),
    });
  }
}

/** Guessing is hopeless at 144 bits, so that wrong secrets are not counted; the answer is the same for whatever is wrong. */
function refused(): IdentityError {
  return new IdentityError(
    'enrolment-refused',
    'the login or the secret is wrong, or the secret was used or has expired',
  );
}
