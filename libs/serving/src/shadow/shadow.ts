import type { FastifyRequest } from 'fastify';
import { readDeviceClaims } from '#snap';
import { deviceMark } from '../routes/device-mark.js';
import type { ServedRing } from '../policy/ring-state.js';
import type { SnapServing } from '../routes/snap-serving.js';
import type { Answer, Comparison, NotCompared } from './compare.js';
import { askedIn, type Asked, type ComparedEndpoint } from './endpoint.js';
import { Exchange } from './exchange.js';
import type { Incumbent } from './incumbent.js';
import type { IncumbentSessions } from './incumbent-sessions.js';
import type { Onlooker } from './pass-on.js';
import { SessionLearner } from './session-learner.js';
import type { Outcome, ShadowEvents } from './shadow-events.js';
import { whyDiffers } from './why.js';

/** So many requests are compared at a time, each with at most 2 MiB of an answer; what comes beside them is passed on alone, and counted. */
const MOST_AT_ONCE = 16;

export interface ShadowParts {
  readonly incumbent: Incumbent;
  readonly sessions: IncumbentSessions;
  /** What our own answers are made from. */
  readonly serving: SnapServing;
  /** Our own answer to a request, computed as for a device, which does not get it. */
  readonly ask: (request: FastifyRequest) => Promise<Answer>;
  readonly events: ShadowEvents;
}

/** A proxy that looks on while another one answers, and compares. A class, so that Nest can inject it. */
export class Shadow {
  private running = 0;

  constructor(private readonly parts: ShadowParts) {}

  get incumbent(): Incumbent {
    return this.parts.incumbent;
  }

  /** To be told of the incumbent's answer. Never throws: what a device gets does not depend on it. */
  watch(request: FastifyRequest): Onlooker {
    const { sessions, serving } = this.parts;
    const { endpoint, name } = askedIn(request);
    if (endpoint === 'other') {
      this.tell(endpoint, request, 'not-comparable');
      return SessionLearner.isFor(request) ? new SessionLearner(bodyOf(request), sessions) : UNWATCHED;
    }
    const ring = serving.ringShown(request);
    if (!ring || this.running >= MOST_AT_ONCE) {
      this.tell(endpoint, request, ring ? 'busy' : 'no-policy');
      return UNWATCHED;
    }
    const architecture = (readDeviceClaims(request.headers).architecture ?? '').slice(0, 16);
    const ours = this.ours(request);
    const exchange = new Exchange({ endpoint, name, body: bodyOf(request), architecture }, ours);
    void this.follow(endpoint, request, ring, exchange, ours);
    return exchange;
  }

  /** A place is taken until both answers are there, however late: what hangs must not add up. */
  private async follow(
    endpoint: ComparedEndpoint,
    request: FastifyRequest,
    ring: ServedRing,
    { comparison }: Exchange,
    ours: Promise<Answer>,
  ): Promise<void> {
    this.running++;
    try {
      this.tell(endpoint, request, outcomeOf(endpoint, ring, await comparison));
    } catch (error) {
      this.parts.serving.parts.events.unexpected(error);
      this.tell(endpoint, request, 'ours-failed');
    } finally {
      await ours.catch(() => undefined);
      this.running--;
    }
  }

  private async ours(request: FastifyRequest): Promise<Answer> {
    // The device's own request goes out first.
    await new Promise<void>((resolve) => setImmediate(resolve));
    return await this.parts.ask(request);
  }

  private tell(endpoint: Asked['endpoint'], request: FastifyRequest, outcome: Outcome | NotCompared): void {
    const { events, serving } = this.parts;
    const told = typeof outcome === 'string' ? ({ kind: 'not-compared', reason: outcome } as const) : outcome;
    events.compared(
      endpoint,
      told,
      deviceMark(serving, request),
      serving.ringShown(request)?.position ?? null,
    );
  }
}

function outcomeOf(endpoint: ComparedEndpoint, ring: ServedRing, comparison: Comparison): Outcome {
  if (typeof comparison === 'string') return { kind: 'not-compared', reason: comparison };
  if (comparison.length === 0) return { kind: 'equal' };
  const differences = comparison.map((each) => ({ ...each, endpoint, why: whyDiffers(ring, each) }));
  return { kind: 'differs', differences };
}

function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

const UNWATCHED: Onlooker = {
  begins: () => undefined,
  piece: () => undefined,
  ended: () => undefined,
};
