import { Inject, Injectable } from '@nestjs/common';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticatorTransport,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { uuidv7, type Clock } from '#kernel';
import { CLOCK } from '#platform/tokens';
import { ISSUER } from '../credentials/credential-rules.js';
import { IdentityError } from '../domain/errors.js';
import type { KeyUse, SecurityKey } from '../domain/person/events.js';
import { CHALLENGE_MINUTES } from '../domain/person/second-components.js';
import type { ActivePerson } from '../domain/person/state.js';
import { uuidBytes } from '../uuid-bytes.js';
import type { Assertion, KeyEvidence } from './key-answer.js';
import { KeyChallenges } from './key-challenges.js';
import { challengeDigestOf } from './digests.js';
import { coseKeyOf, KEY_ALGORITHMS, publicKeyOf } from './public-key.js';
import { isSignedBy } from './is-signed-by.js';
import { RELYING_PARTY, type RelyingParty } from './relying-party.js';
import { challengeOf, type Issued, type KeyPurpose, type Statement } from './statement.js';

const TIMEOUT_MS = CHALLENGE_MINUTES * 60_000;

/** For whoever asks a person's key: what it is to sign, in words, and as browsers take it. */
export interface KeyChallenge {
  readonly statement: Statement;
  readonly options: PublicKeyCredentialRequestOptionsJSON;
}

/** A key's answer, and what it was asked. */
export interface KeyAnswer {
  readonly purpose: KeyPurpose;
  readonly session: string | null;
  readonly issued: Issued;
  readonly assertion: Assertion;
}

export interface RightAnswer {
  readonly use: KeyUse;
  readonly evidence: KeyEvidence;
}

/** The ceremonies of W3C WebAuthn: registering a key (7.1), and asking it (7.2). What follows from a right answer is decided in the domain. */
@Injectable()
export class SecurityKeys {
  constructor(
    private readonly challenges: KeyChallenges,
    @Inject(RELYING_PARTY) private readonly party: RelyingParty | null,
    @Inject(ISSUER) private readonly site: string,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws IdentityError `security-keys-unavailable` */
  async registration(
    person: { readonly id: string; readonly login: string; readonly name: string },
    keys: readonly SecurityKey[],
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    return generateRegistrationOptions({
      rpName: this.site,
      rpID: this.requireParty().rpId,
      userName: person.login,
      userDisplayName: person.name,
      userID: new Uint8Array(uuidBytes(person.id)),
      timeout: TIMEOUT_MS,
      attestationType: 'none',
      excludeCredentials: keys.map(described),
      // The login is typed: a key need not remember whose it is. One that can make sure of its person does.
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'preferred' },
      supportedAlgorithmIDs: KEY_ALGORITHMS,
    });
  }

  /** @throws IdentityError `security-key-refused`, `security-keys-unavailable` */
  async registered(
    response: RegistrationResponseJSON,
    challengeDigest: string,
  ): Promise<Omit<SecurityKey, 'name'>> {
    const { origin, rpId } = this.requireParty();
    const isAsked = (challenge: string) => challengeDigestOf(challenge) === challengeDigest;
    requireClientData(response.response.clientDataJSON, { type: 'webauthn.create', isAsked, origin });
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: isAsked,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: false,
      supportedAlgorithmIDs: KEY_ALGORITHMS,
    }).catch(refuse);
    if (!registrationInfo) throw refused('its signature is not good');
    const { credential, aaguid, credentialDeviceType } = registrationInfo;
    return {
      id: uuidv7(),
      credentialId: credential.id,
      ...publicKeyOf(credential.publicKey),
      signCount: credential.counter,
      transports: credential.transports ?? [],
      aaguid,
      backupEligible: credentialDeviceType === 'multiDevice',
    };
  }

  /** @throws IdentityError `no-security-key`, `security-keys-unavailable` */
  async ask(purpose: KeyPurpose, session: string | null, person: ActivePerson): Promise<KeyChallenge> {
    const { rpId } = this.requireParty();
    if (person.keys.length === 0) {
      throw new IdentityError('no-security-key', 'you have no security key: "holdfast security-key enrol"');
    }
    const { statement } = this.challenges.issue(purpose, session, this.clock.now());
    const options = await generateAuthenticationOptions({
      rpID: rpId,
      challenge: new Uint8Array(Buffer.from(challengeOf(statement), 'base64url')),
      allowCredentials: person.keys.map(described),
      userVerification: 'preferred',
      timeout: TIMEOUT_MS,
    });
    return { statement, options };
  }

  /** @throws IdentityError `security-key-refused`, which says why; `security-keys-unavailable` */
  async check(
    person: ActivePerson,
    { purpose, session, issued, assertion }: KeyAnswer,
  ): Promise<RightAnswer> {
    const { origin, rpId } = this.requireParty();
    const { statement, expiresAt } = this.challenges.open(purpose, session, issued, this.clock.now());
    const key = person.keys.find(({ credentialId }) => credentialId === assertion.credentialId);
    if (!key) throw refused('it is none of yours');
    const challenge = challengeOf(statement);
    const { credentialId: id, clientDataJSON, authenticatorData, signature } = assertion;
    const isAsked = (given: string) => given === challenge;
    requireClientData(clientDataJSON, { type: 'webauthn.get', isAsked, origin });
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      // What it counted before is for the history to say, which takes one answer at a time.
      credential: { id, publicKey: coseKeyOf(key.publicKey, key.algorithm), counter: 0 },
      requireUserVerification: false,
    }).catch(refuse);
    // Once more, as whoever checks the record years later does it.
    if (!verified || !isSignedBy(key, assertion)) throw refused('its signature is not good');
    const { newCounter: signCount, userVerified } = authenticationInfo;
    const { publicKey, algorithm } = key;
    return {
      use: { credential: key.id, challenge, expiresAt, signCount, userVerified },
      evidence: { statement, ...assertion, publicKey, algorithm, origin, rpId },
    };
  }

  private requireParty(): RelyingParty {
    if (this.party) return this.party;
    throw new IdentityError(
      'security-keys-unavailable',
      'browsers use security keys only with a site that has a name and HTTPS: set control-url to such an address',
    );
  }
}

function described({ credentialId, transports }: SecurityKey): {
  readonly id: string;
  readonly transports: AuthenticatorTransport[];
} {
  return { id: credentialId, transports: transports as AuthenticatorTransport[] };
}

interface ExpectedClientData {
  readonly type: string;
  readonly isAsked: (challenge: string) => boolean;
  readonly origin: string;
}

/** What the browser says of the page that asked, before anything is computed: its person is told what is wrong. */
function requireClientData(base64url: string, expected: ExpectedClientData): void {
  const said = parsed(base64url);
  for (const member of ['type', 'origin'] as const) {
    if (said[member] === expected[member]) continue;
    throw refused(`its ${member} is ${JSON.stringify(said[member])}, and ${expected[member]} is expected`);
  }
  const { challenge } = said;
  if (typeof challenge !== 'string' || !expected.isAsked(challenge))
    throw refused('it is to another challenge than the one that waits');
  if (said['crossOrigin'] === true) throw refused('it was asked by a page inside of a page of another site');
}

function parsed(base64url: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // As what is JSON, and no object.
  }
  throw refused('its client data are not JSON');
}

function refuse(cause: unknown): never {
  if (cause instanceof IdentityError) throw cause;
  throw refused(cause instanceof Error ? cause.message : String(cause));
}

function refused(why: string): IdentityError {
  return new IdentityError('security-key-refused', `the security key's answer does not count: ${why}`);
}
