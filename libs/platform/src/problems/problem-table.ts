import type { ProblemCode } from './codes.js';

/** How an error is shown at the edges: to HTTP clients as a problem (RFC 9457), to a shell as an exit code. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly exitCode: ExitCode;
}

/** 1 failure · 2 usage · 3 not found · 4 not authenticated or authorised · 5 conflict or refused · 6 integrity check failed · 7 upstream unreachable */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const usage = (title: string, status = 400): ProblemKind => ({ status, title, exitCode: 2 });
const notFound = (title: string): ProblemKind => ({ status: 404, title, exitCode: 3 });
const notAuthenticated = (title: string): ProblemKind => ({ status: 401, title, exitCode: 4 });
const forbidden = (title: string): ProblemKind => ({ status: 403, title, exitCode: 4 });
const conflict = (title: string): ProblemKind => ({ status: 409, title, exitCode: 5 });
const refused = (title: string): ProblemKind => ({ status: 422, title, exitCode: 5 });
const upstream = (title: string, status = 502): ProblemKind => ({ status, title, exitCode: 7 });
const integrity = (title: string): ProblemKind => ({ status: 500, title, exitCode: 6 });
const unavailable = (title: string): ProblemKind => ({ status: 503, title, exitCode: 1 });
const failure = (title: string): ProblemKind => ({ status: 500, title, exitCode: 1 });

/** Every code of every library, once. Total: a new code does not compile until it has its line. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  // the request itself
  'malformed-json': usage('The body is not JSON'),
  'body-too-large': usage('The body is too large', 413),
  'unsupported-media-type': usage('Only JSON is accepted', 415),
  'malformed-request': usage('The request cannot be read'),
  'invalid-request': usage('The request is not valid'),
  'reason-required': usage('A reason is required'),
  'no-such-route': notFound('There is nothing at this address'),
  'https-required': usage('Only HTTPS is served'),
  'not-yet-projected': unavailable('The read models have not caught up yet'),
  overloaded: unavailable('Too much to do'),
  'internal-error': failure('Something went wrong on our side'),
  // read models
  'read-models-differ': integrity('Read models do not follow from the events'),
  'checkpoint-moved': integrity('A read model is not where the projector left it'),
  'read-models-not-live': unavailable('The read models are not made yet'),
  'no-such-read-model': usage('There is no such read model'),
  'rebuild-failed': failure('The read models could not be made anew'),
  'no-projector': upstream('No projector is at work', 504),
  // kernel
  'not-canonical': failure('A value has no canonical form'),
  'not-text': usage('The request holds characters that are no text'),
  'malformed-event': integrity('A stored event cannot be read'),
  'event-too-large': usage('The request makes too large a record', 413),
  // event store
  'wrong-expected-revision': conflict('Somebody else changed the record at the same time'),
  'append-too-large': usage('The request makes too large a record', 413),
  'outcome-unknown': unavailable('Whether it was recorded is not known; look before you repeat it'),
  unavailable: unavailable('A part of the system cannot be reached'),
  'fenced-out': unavailable('Another instance of this server has taken over'),
  'malformed-cursor': usage('The cursor is not one of ours'),
  // identity
  'invalid-login': usage('The login is not valid'),
  'invalid-name': usage('The name is not valid'),
  'weak-password': usage('The password is too weak'),
  'not-signed-in': notAuthenticated('Sign in first'),
  'sign-in-refused': notAuthenticated('The sign-in was refused'),
  'wrong-password': forbidden('The password is wrong'),
  'locked-out': forbidden('Locked out after too many wrong passwords'),
  'enrolment-refused': forbidden('The enrolment secret was refused'),
  'not-an-admin': forbidden('This takes the role admin'),
  'own-rights': forbidden('Nobody may change their own rights'),
  'invalid-token-scope': usage('The token cannot be for that'),
  'password-required': forbidden('The password is asked for again'),
  'token-refused': notAuthenticated('The token was refused'),
  'token-required': forbidden('This takes a token'),
  'token-out-of-scope': forbidden('The token is not for that'),
  'not-the-owner': forbidden("This is the owner's to do, or an admin's"),
  'unknown-person': notFound('There is no such person'),
  'unknown-token': notFound('There is no such token'),
  'login-taken': conflict('The login is taken'),
  'person-disabled': conflict('The person is disabled'),
  'roles-exclude-each-other': conflict('The roles exclude each other'),
  'role-already-held': conflict('The role is held already'),
  'role-not-held': conflict('The role is not held'),
  'password-already-set': conflict('The password is set already'),
  'too-few-admins': conflict('There are too few admins'),
  'commissioning-already-closed': conflict('Commissioning is closed already'),
  'credential-tampered': integrity('A credential was altered outside the product'),
  // release-control
  'invalid-items': usage('The items are not valid'),
  'not-an-author': forbidden('This takes the role author'),
  'not-an-approver': forbidden('This takes the role approver'),
  'not-the-author': forbidden("This is the author's to do"),
  'author-cannot-approve': forbidden('Nobody approves their own request'),
  'signature-required': forbidden('A signature is required'),
  'no-such-change-request': notFound('There is no such change request'),
  'change-request-exists': conflict('The change request exists already'),
  'not-allowed-in-status': conflict('The request is not in the status for that'),
  'ambiguous-channel': usage('More than one channel is meant'),
  'ambiguous-name': conflict('More than one snap has the name'),
  'no-such-architecture': refused('The revision is not for that architecture'),
  'no-such-override': notFound('There is no such override'),
  'not-listed': notFound('The snap is not on that list'),
  'record-changed': conflict('The record is not the one that was shown'),
  'expected-value-differs': conflict('The policy has changed meanwhile'),
  'policy-malformed': integrity('A policy document cannot be read'),
  'policy-bad-signature': integrity('A policy document is not signed by the site'),
  'policy-of-another-ring': integrity('A policy document is for another ring'),
  'policy-of-another-site': integrity('A policy document is from another site'),
  // the bytes of others: assertions, notes, logs
  'malformed-assertion': refused('An assertion cannot be read'),
  'assertion-too-large': refused('An assertion is too large'),
  'unknown-assertion-type': refused('An assertion is of an unknown type'),
  'unsupported-format': refused('An assertion is in a format that is too new'),
  'malformed-signature': integrity('A signature cannot be read'),
  'broken-chain': integrity('A chain of assertions is not complete'),
  'untrusted-root': integrity('A chain of assertions ends in a key that is not trusted'),
  'wrong-authority': integrity('An assertion is signed by who may not'),
  'inconsistent-assertion': integrity('An assertion contradicts what it refers to'),
  'key-expired': integrity('A signing key has expired'),
  'key-not-yet-valid': integrity('A signing key is not valid yet'),
  'timestamp-outside-key-validity': integrity('A time stamp is outside of the validity of its key'),
  'malformed-channel': usage('The channel is not valid'),
  'malformed-revision': usage('The revision is not valid'),
  'malformed-digest': usage('The digest is not valid'),
  'bad-request': usage('The request is not valid'),
  'malformed-note': integrity('A signed note cannot be read'),
  'malformed-key': usage('A key cannot be read'),
  'malformed-checkpoint': integrity('A checkpoint cannot be read'),
  'malformed-bundle': integrity('An entry bundle cannot be read'),
  'malformed-proof': integrity('A proof cannot be read'),
  'bad-signature': integrity('A signature is not good'),
  'no-trusted-signature': integrity('Nobody who is trusted has signed'),
  'wrong-origin': integrity('A checkpoint is of another log'),
  'root-differs': integrity('The history is not the one that was sealed'),
  'tile-differs': integrity('A tile is not the one that follows from the history'),
  'missing-file': integrity('A file of the log is missing'),
  'invalid-proof': integrity('A proof does not lead to the root'),
  // catalog and upstream
  'snap-not-found': notFound('There is no such snap'),
  'revision-not-found': notFound('There is no such revision'),
  'no-architecture': refused("The revision is for other architectures than this site's"),
  'snap-revoked': refused('The snap was revoked by upstream'),
  'store-refused': refused('Upstream refused'),
  'malformed-metadata': upstream('An answer of upstream cannot be read'),
  'metadata-disagrees': integrity('What upstream says is not what was signed'),
  'assertion-not-found': upstream('Upstream lacks an assertion'),
  'chain-too-long': refused('A chain of assertions is too long'),
  'tampered-artefact': integrity('An artefact is not the one that was signed'),
  'malformed-manifest': integrity('A capture manifest cannot be read'),
  'unknown-format': refused('The format is not one of ours'),
  'not-an-operator': forbidden('This takes the role operator or author'),
  'not-on-the-list': conflict('The snap is not on the watch list'),
  'not-watched': conflict('The snap is not watched'),
  'no-such-sync': notFound('There is no such sync'),
  unreachable: upstream('Upstream cannot be reached'),
  'timed-out': upstream('Upstream took too long', 504),
  'server-error': upstream('Upstream failed'),
  'malformed-answer': upstream('An answer of upstream cannot be read'),
  'not-found': notFound('There is no such thing'),
  'refused-address': refused('An address that we do not connect to'),
  'upstream-unavailable': upstream('Upstream cannot be reached'),
  // what is kept, and how it is served
  'digest-mismatch': integrity('Kept bytes are not what their digest says'),
  'size-mismatch': integrity('Kept bytes are not of the size that they should be'),
  'access-denied': unavailable('The store of kept blobs lets us in no further'),
  'no-such-bucket': unavailable('The bucket of the kept blobs is not there'),
  'artefact-mismatch': integrity('An artefact is not what its digest says'),
  'artefact-unreadable': unavailable('An artefact cannot be read'),
  'kept-unavailable': unavailable('The kept blobs cannot be read'),
  'artefact-changed': unavailable('An artefact was written to while it was read'),
  'cache-unavailable': unavailable("The proxy's cache cannot be written"),
  'artefact-missing': notFound('The artefact is not kept here'),
  'download-refused': forbidden('The address was not made for this'),
  'download-expired': forbidden('The address has expired'),
  'session-unknown': notAuthenticated('The session is not one of ours, or is over'),
  'incumbent-unavailable': upstream('The store proxy that is watched cannot be asked'),
  'shadow-loop': refused('A shadow stands in front of a shadow'),
  'device-service-refused': forbidden('The device service is not listed'),
  'no-policy': unavailable('There is no policy to obey yet'),
  'policy-rolled-back': integrity('A policy document is older than the one in force'),
  'policy-forked': integrity('Two policy documents claim the same position'),
  // nodes and what they deliver
  'operator-required': forbidden('This takes the role operator'),
  'invalid-node-name': usage('The name is not one for a node'),
  'no-such-node': notFound('There is no such node'),
  'node-exists': conflict('There is, or was, a node of that name'),
  'node-retired': conflict('The node is retired'),
  'node-signature-refused': forbidden('The message is not signed by its node'),
  'node-message-malformed': usage('The message of a node cannot be read'),
  'batch-out-of-order': conflict('A batch that must come first is missing'),
  'batch-forked': conflict('Another batch is recorded in the place of this one'),
  'node-forked': conflict('Two histories came under the key of the node'),
  // the ledger
  'entry-differs': integrity('An event is not the one that was sealed'),
  'store-behind': integrity('The event store has fewer events than were sealed'),
  'ledger-behind': integrity('The ledger is an old copy'),
  'checkpoints-disagree': integrity('The kept checkpoints are not of one history'),
  'ledger-damaged': integrity('The files of the ledger do not lead to its checkpoint'),
  // the site
  'founded-otherwise': integrity("The event store is another site's"),
  'not-founded': integrity('The event store holds no site'),
  'store-not-in-use': integrity("The site's events are in another store"),
  'no-certificate-in-use': notFound('The site has no certificate'),
  'not-a-registration': usage('What was given is no registration of a store'),
  'registered-for-another-address': refused('The registration is for another address'),
  'not-registered': notFound('The site has no registration'),
  'not-an-export': usage('What was given is not what the incumbent exports'),
  'folder-not-empty': conflict('The folder is not empty'),
  // certificates
  'certificate-too-large': usage('More was given than a certificate with its key'),
  'malformed-certificate': usage('A certificate cannot be read'),
  'malformed-private-key': usage('A private key cannot be read'),
  'encrypted-private-key': usage('The private key is encrypted'),
  'no-certificate': usage('There is no certificate'),
  'no-private-key': usage('There is no private key'),
  'several-private-keys': usage('There is more than one private key'),
  'private-key-differs': usage('The private key is not of the certificate'),
  'certificate-not-yet-valid': refused('The certificate is not valid yet'),
  'certificate-expired': refused('The certificate has expired'),
  'certificate-for-other-names': refused('The certificate is for other names'),
  'no-name': usage('No name is known for the certificate'),
  'certificate-unusable': refused('Clients would refuse the certificate'),
  // the host
  'wrong-configuration': usage('A setting is wrong'),
};

/** Undefined for a code that is nobody's: not for clients to see. */
export function problemKind(code: string): ProblemKind | undefined {
  return Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code as ProblemCode] : undefined;
}
