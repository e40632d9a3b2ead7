import type { KernelErrorCode } from '#kernel';
import type { BlobStoreErrorCode } from '#blob-store/port';
import type { CatalogErrorCode } from '#catalog/errors';
import type { EventStoreErrorCode } from '#event-store/port';
import type { FleetErrorCode } from '#fleet/errors';
import type { IdentityErrorCode } from '#identity/domain/errors';
import type { LedgerErrorCode } from '#ledger/errors';
import type { NotificationErrorCode } from '#notifications/errors';
import type { ReleaseControlErrorCode } from '#release-control/domain/errors';
import type { ReviewsErrorCode } from '#reviews/domain/errors';
import type { ServingErrorCode } from '#serving/errors';
import type { SiteErrorCode } from '#site/domain/errors';
import type { SnapErrorCode } from '#snap';
import type { TlogErrorCode } from '#tlog';
import type { UpstreamErrorCode } from '#upstream/errors';
import type { ConfigErrorCode } from '../config.js';
import type { HttpErrorCode } from '../http/errors.js';
import type { LeaseErrorCode } from '../lease/errors.js';
import type { ReadModelErrorCode } from '../read-models/errors.js';
import type { TlsErrorCode } from '../tls/errors.js';

/** Every code that a library can refuse something with; those of a new library join here. A code that two use means the same in both. */
export type ProblemCode =
  | BlobStoreErrorCode
  | CatalogErrorCode
  | ConfigErrorCode
  | EventStoreErrorCode
  | FleetErrorCode
  | HttpErrorCode
  | IdentityErrorCode
  | KernelErrorCode
  | LeaseErrorCode
  | LedgerErrorCode
  | NotificationErrorCode
  | ReadModelErrorCode
  | ReleaseControlErrorCode
  | ReviewsErrorCode
  | ServingErrorCode
  | SiteErrorCode
  | SnapErrorCode
  | TlogErrorCode
  | TlsErrorCode
  | UpstreamErrorCode
  /** Whatever has no code of its own. */
  | 'internal-error';
