export { Egress, type EgressAnswer } from './egress/egress.js';
export { UpstreamError, type UpstreamErrorCode } from './errors.js';
export {
  DEFAULT_BUDGETS,
  upstreamSettings,
  type UpstreamBudgets,
  type UpstreamSettings,
} from './settings.js';
export { HttpUpstreamStore } from './store/http-upstream-store.js';
export { MeasuredUpstreamStore, type UpstreamObserver } from './store/measured-upstream-store.js';
export { retryAfterMs } from './store/retry-after.js';
export type {
  CallOptions,
  Download,
  RefreshAnswer,
  RelayedAnswer,
  RelayRequest,
  UpstreamStore,
} from './store/upstream-store.js';
export { readWayOut } from './way-out/read-way-out.js';
export { OutsideConfig } from './way-out/settings.js';
export type { WayOut } from './way-out/way-out.js';
