import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { lasts, type Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import { rolesNow } from '../domain/person/roles-now.js';
import { token, tokenStream } from '../domain/token/token.js';
import { LONGEST_TOKEN_DAYS } from '../domain/token/what-is-issued.js';
import { People } from '../people.js';
import { ApiTokens } from './api-tokens.js';
import type { OpenToken } from './open-token.js';

const LONGEST_MS = LONGEST_TOKEN_DAYS * 86_400_000;

/** Tokens as the history has them at this moment: one that was revoked, has expired, or whose owner was disabled or reset is refused at once. */
@Injectable()
export class Tokens {
  constructor(
    private readonly texts: ApiTokens,
    private readonly people: People,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * What a token's text opens. Who holds the secret is told why it is refused; who guesses learns nothing.
   * @throws IdentityError `token-refused`
   */
  async open(text: string): Promise<OpenToken> {
    const read = this.texts.read(text);
    if (!read) throw refused('this is no token of this site');
    const { state } = await this.streams.load(token, tokenStream(read.id));
    if (state.status === 'none' || !isSame(read.secretDigest, state.secretDigest)) {
      throw refused('this is no token of this site');
    }
    const { name, owner, standingReason, scope, expiresAt, ownerResets = 0 } = state;
    if (state.status === 'revoked') throw refused(`the token ${name} was revoked`);
    if (!lasts(expiresAt, this.clock.now(), LONGEST_MS)) {
      throw refused(`the token ${name} expired at ${expiresAt}: its owner issues a new one`);
    }
    const person = await this.people.load(owner.id);
    if (person.status === 'enrolled' || (person.status === 'active' && person.resets !== ownerResets)) {
      throw refused(`${owner.name}, whose token ${name} is, was reset since: it is void`);
    }
    if (person.status !== 'active') throw refused(`${owner.name}, whose token ${name} is, is disabled`);
    return {
      scope,
      actor: {
        kind: 'token',
        id: read.id,
        name,
        owner: { id: owner.id, name: person.name, roles: rolesNow(person) },
      },
      reason: { ...standingReason, standing: { token: read.id, name } },
    };
  }
}

function isSame(given: string, known: string): boolean {
  return timingSafeEqual(Buffer.from(given, 'hex'), Buffer.from(known, 'hex'));
}

function refused(why: string): IdentityError {
  return new IdentityError('token-refused', why);
}
