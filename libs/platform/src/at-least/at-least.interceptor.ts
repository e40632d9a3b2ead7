import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import { HttpError } from '../http/errors.js';
import { ProjectionProgress } from './projection-progress.js';

const PATIENCE_MS = 5_000;
const POLL_MS = 50;

interface Request {
  readonly method: string;
  readonly query: Record<string, unknown>;
}

/**
 * `?atLeast=<cursor>` on any GET: who has just given a command reads what it did. Waits until every read model has taken the events up
 * to that cursor.
 */
@Injectable()
export class AtLeastInterceptor implements NestInterceptor {
  constructor(private readonly progress: ProjectionProgress) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const { method, query } = context.switchToHttp().getRequest<Request>();
    const { atLeast } = query;
    if (method === 'GET' && atLeast !== undefined) {
      // Not a member of any route's own query.
      delete query['atLeast'];
      if (typeof atLeast !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(atLeast)) {
        throw new HttpError('invalid-request', 'atLeast is a cursor that a command returned');
      }
      await this.waitFor(atLeast);
    }
    return next.handle();
  }

  private async waitFor(cursor: string): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (!(await this.progress.reached(cursor))) {
      if (performance.now() >= until) {
        throw new HttpError('not-yet-projected', `the read models are not at ${cursor} yet; ask again`);
      }
      await delay(POLL_MS);
    }
  }
}
