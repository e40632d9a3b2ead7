import type { FastifyReply } from 'fastify';

/**
 * Sends JSON with a content type of exactly `application/json`: as bytes, since for anything else the framework adds a
 * charset, on which snapd stumbles (protocol page §13, 1).
 */
export function sendJson(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(Buffer.from(JSON.stringify(body)));
}

/** The store's form of an error. */
export function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return sendJson(reply, status, { 'error-list': [{ code, message }] });
}
