import { Histogram, type Registry } from 'prom-client';

/** A request that was answered. */
export interface Answered {
  readonly requestId: string;
  readonly method: string;
  /** As the route was declared, with its parameters' names; undefined when no route took the request. */
  readonly route: string | undefined;
  readonly status: number;
  readonly milliseconds: number;
}

export type OnAnswered = (answered: Answered) => void;

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];
/** A client may send any word for a method: what is none of these is counted together. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** How long requests take. Labels are of our making only: nobody can fill the memory by asking for many addresses. */
export function httpMetrics(metrics: Registry): OnAnswered {
  const durations = new Histogram({
    name: 'holdfast_http_request_duration_seconds',
    help: 'How long a request took from its first byte to the last of its answer, by declared route (none: no such address)',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [metrics],
  });
  return ({ method, route, status, milliseconds }) =>
    durations.observe(
      { method: METHODS.has(method) ? method : 'other', route: route ?? 'none', status },
      milliseconds / 1000,
    );
}
