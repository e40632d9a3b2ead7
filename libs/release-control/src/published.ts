export type { Access, PublisherChanges } from './access.js';
export type { ArtefactsCaptured } from './domain/change-request/events.js';
export { changeRequestStream } from './domain/change-request/change-request.js';
export { ReleaseControlError, type ReleaseControlErrorCode } from './domain/errors.js';
export {
  policyBytes,
  policyDigest,
  type PolicyDocument,
  type PolicyEntry,
  type PolicySubject,
} from './policy-document/document.js';
export {
  membershipBytes,
  type MembershipDocument,
  type MembershipEntry,
} from './membership-document/document.js';
export { MembersByDevice, type AskedFrom } from './membership-document/members-by-device.js';
export { membershipNoteText, openMembership } from './membership-document/note.js';
export { openPolicy, policyKeyName, policyNoteText, type PolicyExpectation } from './policy-document/note.js';
export { upstreamRelease } from './queries/upstream-release.js';
export { ALL_RINGS, POLICY_DOCUMENTS } from './read-models.js';
export { targetKey, type ReleaseTarget } from './release-target.js';
