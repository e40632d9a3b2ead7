import { recordDigest, type JsonObject } from '#kernel';
import type { Content } from '../content.js';
import type { Decision, Finding, Opening } from './events.js';
import type { Opened } from './state.js';

/** What a reviewer reads and signs: what was looked at, and what they say of it. */
export interface ReviewRecord extends Opening {
  readonly content: Content;
  readonly decisions: readonly Decision[];
  readonly findings: readonly Finding[];
}

/** The record and nothing else of what `source` holds. Its canonical bytes are what a signature is bound to (R19). */
export function recordOf(source: ReviewRecord): ReviewRecord {
  const { id, openedBy, openedAt, reason, nextDue, content, decisions, findings } = source;
  return { id, openedBy, openedAt, reason, nextDue, content, decisions, findings };
}

/** SHA-256, hex, over the record's canonical bytes. */
export function digestOf(source: Opened): string {
  return recordDigest({ record: RECORD_KIND, ...recordOf(source) } as unknown as JsonObject);
}

export const RECORD_KIND = 'review';
