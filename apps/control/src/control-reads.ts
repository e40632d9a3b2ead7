import { AUDIT_TRAIL } from '#audit-trail/read-models';
import { SYNCS, UPSTREAM_OFFERS, WATCHED_SNAPS } from '#catalog/read-models';
import { COMPARISONS, DELIVERIES, INSTALLED, NODES } from '#fleet/read-models';
import { PEOPLE, TOKENS } from '#identity/read-models';
import type { ReadModelVersion } from '#platform/projection';
import {
  ACCESS_POLICY,
  APPROVED_DECLARATIONS,
  CHANGE_REQUESTS,
  OVERRIDES,
} from '#release-control/read-models';
import { REVIEWS } from '#reviews/read-models';

/** The read models that the queries of this release are written for. */
export const CONTROL_READS: readonly ReadModelVersion[] = [
  ACCESS_POLICY,
  APPROVED_DECLARATIONS,
  AUDIT_TRAIL,
  CHANGE_REQUESTS,
  COMPARISONS,
  DELIVERIES,
  INSTALLED,
  NODES,
  OVERRIDES,
  PEOPLE,
  REVIEWS,
  SYNCS,
  TOKENS,
  UPSTREAM_OFFERS,
  WATCHED_SNAPS,
];
