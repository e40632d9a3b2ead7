/** All that another context, or a composition root, may import from here besides the modules. */
export { CurrentSession } from './sessions/current-session.js';
export { Public } from './sessions/public.js';
export { SessionGuard } from './sessions/session-guard.js';
export { personActor, type Session, type SignedInPerson } from './sessions/session.js';
export { requireRing, tokenContext, type OpenToken } from './tokens/open-token.js';
export { CurrentToken, GivenToken, TakesTokens } from './tokens/takes-tokens.js';
export { ReauthenticationBody } from './commands/reauthentication.dto.js';
export { KeyEvidenceDto } from './signatures/key-evidence.dto.js';
export { SignOnEvidenceDto } from './signatures/sign-on-evidence.dto.js';
export { SigningRulesDto } from './signatures/signing-rules.dto.js';
export { SignDto } from './signatures/sign.dto.js';
export { Signatures } from './signatures/signatures.js';
export {
  Reauthentication,
  SIGNATURE_COMPONENTS,
  type Reauthenticated,
  type SignatureComponent,
} from './credentials/reauthentication.js';
export { KeyChallengeDto } from './security-keys/key-challenge.dto.js';
export { GAINS, gainedRight, LOSSES } from './gained-right.js';
export { knownPerson } from './known-person.js';
export { Directory, type Listed, type OwnedToken } from './directory.js';
export { ListRights, type RightsThen } from './queries/list-rights/query.js';
export { ListTokensThen, type TokenThen } from './queries/list-tokens-then/query.js';
export { RolesHeld, type Held } from './roles-held.js';
export { NewestCredentials } from './credentials/newest-credentials.js';
export { readLinkedAccounts } from './linked-accounts.js';
export { ROLES, type Role } from './domain/roles.js';
export { IdentityError, type IdentityErrorCode } from './domain/errors.js';
