import { rolesIn, type CommandContext, type Decider, type PersonActor, type Reason } from '#kernel';
import { requireReason } from '../authority.js';
import { IdentityError } from '../errors.js';
import { requireExpiry, requireScope, requireStandingReason, requireTokenName } from './what-is-issued.js';
import type { TokenEvent, TokenIssued, TokenScope } from './events.js';

export interface IssueToken {
  readonly type: 'IssueToken';
  readonly name: string;
  readonly standingReason: Reason;
  readonly scope: TokenScope;
  readonly expiresAt: string;
  readonly secretDigest: string;
  readonly ownerResets: number;
  readonly context: CommandContext;
}
export interface RevokeToken {
  readonly type: 'RevokeToken';
  readonly context: CommandContext;
}
export type TokenCommand = IssueToken | RevokeToken;

export type IssuedToken = { readonly status: 'issued' | 'revoked' } & TokenIssued['data'];
export type Token = { readonly status: 'none' } | IssuedToken;

/**
 * A token is issued by an author to themself, with the password asked for again: a session that somebody took over must not live on as a token.
 * Its owner and any admin may revoke it, once it is revoked for good.
 *
 * @throws IdentityError for every refusal
 */
function decide(command: TokenCommand, state: Token): readonly TokenEvent[] {
  requireReason(command.context);
  switch (command.type) {
    case 'IssueToken':
      return [issued(command)];
    case 'RevokeToken': {
      if (state.status === 'none') throw new IdentityError('unknown-token', 'there is no such token');
      requireOwnerOrAdmin(command.context, state);
      if (state.status === 'revoked') return [];
      return [{ type: 'TokenRevoked', data: { name: state.name } }];
    }
  }
}

function issued(command: IssueToken): TokenIssued {
  const { name, standingReason, scope, expiresAt, secretDigest, ownerResets, context } = command;
  const { actor } = context;
  if (actor.kind !== 'person') {
    throw new IdentityError(
      'not-an-author',
      'a token is issued by a person with the role author, to themself',
    );
  }
  if (actor.auth !== 'password') {
    throw new IdentityError('password-required', 'a token is issued with the password given again');
  }
  requireTokenName(name);
  requireStandingReason(standingReason);
  requireScope(scope);
  requireAuthorIn(scope.rings, actor);
  requireExpiry(expiresAt, context.at);
  const owner = { id: actor.id, name: actor.name };
  return {
    type: 'TokenIssued',
    data: { name, owner, standingReason, scope, expiresAt, secretDigest, ownerResets },
  };
}

/** What it may ask changes for, its owner may. */
function requireAuthorIn(rings: readonly string[], { name, roles }: PersonActor): void {
  const missing = rings.filter((ring) => !rolesIn(roles, ring).includes('author'));
  if (missing.length === 0) return;
  throw new IdentityError(
    'not-an-author',
    `${name} does not have the role author in ${missing.join(' and ')}, which the token would be for`,
  );
}

function requireOwnerOrAdmin({ actor }: CommandContext, { owner }: IssuedToken): void {
  if (actor.kind === 'person' && (actor.id === owner.id || actor.roles.includes('admin'))) return;
  throw new IdentityError('not-the-owner', `the token is ${owner.name}'s to revoke, or an admin's`);
}

function evolve(state: Token, event: TokenEvent): Token {
  switch (event.type) {
    case 'TokenIssued':
      return { ...event.data, status: 'issued' };
    case 'TokenRevoked':
      if (state.status !== 'issued')
        throw new Error(`a token that is ${state.status} cannot have been revoked`);
      return { ...state, status: 'revoked' };
  }
}

export const token: Decider<TokenCommand, TokenEvent, Token> & {
  readonly versions: { readonly [Type in TokenEvent['type']]: number };
} = {
  initialState: { status: 'none' },
  decide,
  evolve,
  versions: { TokenIssued: 2, TokenRevoked: 1 },
};

export function tokenStream(id: string): string {
  return `token/${id}`;
}
