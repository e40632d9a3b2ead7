import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { uuidv7, type CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import type { SignOnIdentity } from '../../domain/person/single-sign-on-events.js';
import { person, personStream } from '../../domain/person/person.js';
import { requireSession } from '../../domain/person/require-session.js';
import {
  isSame,
  requestedSignOn,
  requireStillAdmin,
  signedInAsAnother,
} from '../../domain/person/single-sign-on.js';
import {
  digestOfIdentity,
  identityOfAnother,
  signOnIdentity,
  signOnIdentityStream,
} from '../../domain/sign-on-identity/sign-on-identity.js';
import { People } from '../../people.js';
import type { Session } from '../../sessions/session.js';
import { SignOns } from '../../single-sign-on/sign-ons.js';
import type { Outcome } from '../outcome.js';

export class BindSingleSignOn extends Command<Outcome> {
  constructor(
    readonly session: Session,
    readonly proof: string,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(BindSingleSignOn)
export class BindSingleSignOnHandler implements ICommandHandler<BindSingleSignOn> {
  constructor(
    private readonly people: People,
    private readonly signOns: SignOns,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ session, proof, context }: BindSingleSignOn): Promise<Outcome> {
    const { id } = session.person;
    const { identity, nonce, authTime, expiresAt } = this.signOns.open(proof, {
      for: 'binding',
      session: session.id,
    });
    const { person: found } = requireSession(await this.people.load(id), session.id, context.at);
    const requested = requestedSignOn(found, context.at);
    if (!isSame(identity, requested)) throw signedInAsAnother(identity.subject, requested.subject);
    const requesterIsAdmin = await this.people.isAdmin(requested.requestedBy.id);
    // The decider asks this again; here it keeps who is refused from claiming identities.
    requireStillAdmin(requested.requestedBy, requesterIsAdmin);
    await this.streams.requireMatch(person, personStream(id), context);
    await this.claim(identity, id, context);
    const use = { credential: uuidv7(), nonce, authTime, expiresAt };
    const { cursor } = await this.streams.decideAndAppend(person, personStream(id), {
      type: 'BindSingleSignOn',
      session: session.id,
      identity,
      use,
      requesterIsAdmin,
      context,
    });
    return { cursor };
  }

  /** Before it is decided: whose the identity is stands, also where its person comes no further. */
  private async claim(found: SignOnIdentity, person: string, context: CommandContext): Promise<void> {
    const identity = digestOfIdentity(found);
    const command = { identity, person, context };
    const { state } = await this.streams.reserve(signOnIdentity, signOnIdentityStream(identity), command);
    if (state.person !== person) throw identityOfAnother();
  }
}
