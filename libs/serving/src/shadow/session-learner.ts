import type { FastifyRequest } from 'fastify';
import { CodedError } from '#kernel';
import { parseObject } from '../routes/parse-object.js';
import { readSessionRequest } from '../sessions/session-request.js';
import type { IncumbentSessions } from './incumbent-sessions.js';
import type { Onlooker } from './pass-on.js';

/** A session has some hundred bytes. */
const MOST_BYTES = 64 * 1024;

/** Sees to whom the incumbent gives a session: what a device signed, and that the store took it, is what it is known by. */
export class SessionLearner implements Onlooker {
  private readonly pieces: Buffer[] = [];
  private bytes = 0;
  private status = 0;

  constructor(
    private readonly asked: Buffer,
    private readonly sessions: IncumbentSessions,
  ) {}

  static isFor({ method, url, body }: FastifyRequest): boolean {
    return method === 'POST' && url === '/api/v1/snaps/auth/sessions' && body instanceof Buffer;
  }

  begins(status: number): void {
    this.status = status;
  }

  piece(bytes: Buffer): void {
    this.bytes += bytes.length;
    if (this.bytes <= MOST_BYTES) this.pieces.push(bytes);
  }

  ended(whole: boolean): void {
    if (!whole || this.bytes > MOST_BYTES || (this.status !== 200 && this.status !== 202)) return;
    const macaroon = parseObject(Buffer.concat(this.pieces))?.['macaroon'];
    const asked = parseObject(this.asked);
    if (typeof macaroon !== 'string' || !asked) return;
    try {
      this.sessions.learn(macaroon, readSessionRequest(asked).identity);
    } catch (error) {
      // A device that signs badly stays unknown: whether it gets a session is the incumbent's business.
      if (!(error instanceof CodedError)) throw error;
    }
  }
}
