export { captureRevision, type CapturedTarget, type RevisionToCapture } from './capture/capture-revision.js';
export { identifySnap } from './capture/identify-snap.js';
export type { CapturePorts } from './capture/capture-ports.js';
export { CatalogError, type CatalogErrorCode } from './errors.js';
export type { CapturedAssertion, SnapCaptureManifest } from './manifest/capture-manifest.js';
export { LARGEST_MANIFEST, parseManifest } from './manifest/parse-manifest.js';
export {
  compareCaptures,
  type CaptureDifference,
  type DifferenceLine,
} from './difference/compare-captures.js';
