import type { FastifyReply } from 'fastify';
import type { Problem } from '../problems/problem.js';
import { problemKind } from '../problems/problem-table.js';

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  const { retryAfter } = problemKind(problem.code) ?? {};
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
