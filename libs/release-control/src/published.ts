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
export { openPolicy, policyKeyName, policyNoteText, type PolicyExpectation } from './policy-document/note.js';
export { upstreamRelease } from './queries/upstream-release.js';
export { POLICY_DOCUMENTS } from './read-models.js';
export { targetKey, type ReleaseTarget } from './release-target.js';
