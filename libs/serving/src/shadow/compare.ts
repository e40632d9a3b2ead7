import type { ComparedEndpoint } from './endpoint.js';
import { isObject } from '../answer/refresh-results.js';
import { parseObject } from '../routes/parse-object.js';
import { readAssertion } from './read-assertion.js';
import { readFind } from './read-find.js';
import { readInfo } from './read-info.js';
import { readRefresh } from './read-refresh.js';
import { differing, errorIn, objectsIn, type Differing, type Saying, type Sayings } from './saying.js';

/** What was asked. */
export interface Question {
  readonly endpoint: ComparedEndpoint;
  readonly name: string;
  readonly body: Buffer;
  /** As the device says; empty for none. */
  readonly architecture: string;
}

/** What came back, not encoded. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** Why a request was not compared. */
export const NOT_COMPARED = [
  /** Of a kind that never is. */
  'not-comparable',
  /** There is no policy yet that we may obey. */
  'no-policy',
  /** As many are compared at this moment as may be. */
  'busy',
  /** The store that one of both asks does not take the device's session: the device renews it, and asks again. */
  'session',
  /** The incumbent had no answer: an error of its own, or one that tells the device to wait. */
  'incumbent-failed',
  /** It says something else than the store's form. */
  'incumbent-unreadable',
  'incumbent-too-long',
  'incumbent-slow',
  /** The device or the incumbent broke it off. */
  'broken-off',
  /** We had none in time, or were told to wait. */
  'ours-slow',
  'ours-failed',
] as const;
export type NotCompared = (typeof NOT_COMPARED)[number];

/** What differs, which may be nothing; or why nothing can be said. */
export type Comparison = readonly Differing[] | NotCompared;

/** Compares what two stores say to one question. Neither is believed: what cannot be read is told so. */
export function compare(question: Question, incumbent: Answer, ours: Answer): Comparison {
  if (incumbent.status === 401 || ours.status === 401) return 'session';
  if (incumbent.status >= 500 || incumbent.status === 429) return 'incumbent-failed';
  if (ours.status === 429) return 'ours-failed';
  const theirs = incumbent.status === 200 ? read(question, incumbent.body) : new Map<string, Saying>();
  if (!theirs) return 'incumbent-unreadable';
  if (incumbent.status !== ours.status) return [statuses(question, incumbent, ours)];
  if (incumbent.status !== 200) return [];
  const own = read(question, ours.body);
  return own ? differing(theirs, own, LACKING[question.endpoint]) : 'ours-failed';
}

/** Of what only one of both names. A channel may be left out by a store that closed it, and a device never asks for more than one of them. */
const LACKING: Readonly<Record<ComparedEndpoint, (of: Saying) => string | undefined>> = {
  refresh: () => undefined,
  info: () => undefined,
  find: () => 'not found',
  assertion: () => undefined,
};

function read({ endpoint, name, body, architecture }: Question, answer: Buffer): Sayings | undefined {
  switch (endpoint) {
    case 'refresh':
      return readRefresh(body, answer, architecture);
    case 'info':
      return readInfo(name, answer);
    case 'find':
      return readFind(architecture, answer);
    case 'assertion':
      return readAssertion(name, answer);
  }
}

function statuses({ endpoint, name, architecture }: Question, incumbent: Answer, ours: Answer): Differing {
  const [, snapId] = /^snap-declaration\/16\/([^/?]+)$/.exec(name) ?? [];
  return {
    snapId,
    name: name === '' ? `every ${endpoint}` : name,
    where: architecture,
    incumbent: statusOf(incumbent),
    ours: statusOf(ours),
  };
}

function statusOf({ status, body }: Answer): string {
  const [error] = objectsIn(parseObject(body)?.['error-list']);
  return isObject(error) ? `status ${status}, ${errorIn(error)}` : `status ${status}`;
}
