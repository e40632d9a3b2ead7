import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { endToEnd, type Incumbent } from './incumbent.js';

/** What sees the incumbent's answer while it goes by. It never throws, and keeps no more than it has room for. */
export interface Onlooker {
  begins(status: number, headers: IncomingMessage['headers']): void;
  piece(bytes: Buffer): void;
  /** @param whole false when it broke off, on either side, or never began */
  ended(whole: boolean): void;
}

/**
 * Answers a device with the incumbent's own answer: its status, its headers and its bytes, as they come.
 * @throws ServingError while nothing was answered yet
 */
export async function passOn(
  incumbent: Incumbent,
  request: FastifyRequest,
  reply: FastifyReply,
  onlooker: Onlooker,
): Promise<void> {
  const gone = new AbortController();
  // A device that goes away wants nothing more of the incumbent; after the answer's end it ends nothing.
  reply.raw.once('close', () => gone.abort());
  let whole = false;
  try {
    const answer = await incumbent.answerTo(deviceRequest(request), gone.signal);
    onlooker.begins(answer.statusCode ?? 502, answer.headers);
    answer.on('data', (piece: Buffer) => onlooker.piece(piece));
    whole = await send(answer, reply);
  } finally {
    onlooker.ended(whole);
  }
}

/** @returns whether it came to its end */
async function send(answer: IncomingMessage, reply: FastifyReply): Promise<boolean> {
  const { statusCode = 502, statusMessage, rawHeaders } = answer;
  void reply.code(statusCode).hijack();
  try {
    reply.raw.writeHead(statusCode, statusMessage, endToEnd(rawHeaders));
    await pipeline(answer, reply.raw);
    return true;
  } catch {
    // The device sees that its answer broke off, and asks again.
    answer.destroy();
    reply.raw.destroy();
    return false;
  }
}

function deviceRequest({ method, url, raw, body }: FastifyRequest) {
  return { method, url, rawHeaders: raw.rawHeaders, body: body instanceof Buffer ? body : undefined };
}
