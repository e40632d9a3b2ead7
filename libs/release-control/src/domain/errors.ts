import { CodedError } from '#kernel';

export type ReleaseControlErrorCode =
  // what was asked for is not well-formed
  | 'invalid-items'
  | 'reason-required'
  | 'invalid-verification'
  | 'invalid-window'
  | 'invalid-comment'
  | 'too-many-revisions'
  | 'not-supersedable'
  | 'too-early'
  | 'too-late'
  | 'not-a-recaller'
  // who asks may not
  | 'not-an-author'
  | 'admin-required'
  | 'author-not-disabled'
  | 'not-an-approver'
  | 'not-the-author'
  | 'author-cannot-approve'
  | 'already-signed'
  | 'signature-not-needed'
  | 'signature-required'
  | 'operator-required'
  | 'hold-terms-need-a-signer'
  | 'wrong-hold-terms'
  | 'no-such-hold'
  | 'not-a-verifier'
  | 'author-cannot-verify'
  | 'not-on-call'
  | 'not-pre-authorised'
  | 'releaser-cannot-ratify'
  | 'own-emergency'
  | 'own-pre-authorisation'
  | 'nobody-on-call'
  // the record is not in the state for it
  | 'no-such-change-request'
  | 'no-such-override'
  | 'no-such-architecture'
  | 'not-listed'
  | 'not-halted'
  | 'not-an-emergency'
  | 'nothing-to-roll-back'
  | 'not-ratified'
  | 'too-many-halts'
  | 'snap-not-known'
  | 'ambiguous-channel'
  | 'ambiguous-name'
  | 'not-a-promotion'
  | 'change-request-exists'
  | 'not-allowed-in-status'
  | 'record-changed'
  | 'signed-meanwhile'
  | 'expected-value-differs'
  // a policy document that a proxy must not obey
  | 'policy-malformed'
  | 'policy-bad-signature'
  | 'policy-of-another-ring'
  | 'policy-of-another-site';

export class ReleaseControlError extends CodedError<ReleaseControlErrorCode> {
  override readonly name = 'ReleaseControlError';
}
