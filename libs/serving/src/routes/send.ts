import type { FastifyReply } from 'fastify';
import { SUGGESTED_CURRENCY } from '#snap';

/** Sent as bytes, so that nobody adds a charset: snapd compares the whole content type (protocol page 13). */
export async function sendJson(reply: FastifyReply, status: number, body: unknown): Promise<void> {
  await sendJsonText(reply, status, JSON.stringify(body));
}

/** As {@link sendJson}, for what is serialised already. */
export async function sendJsonText(reply: FastifyReply, status: number, text: string): Promise<void> {
  await reply.code(status).header('content-type', 'application/json').send(Buffer.from(text));
}

/**
 * Passes on what upstream would have prices shown in (protocol page 2). Where nobody knows it, nothing is said: snapd then keeps what it heard last,
 * and anything of ours would overwrite that.
 */
export function suggestCurrency(reply: FastifyReply, currency: string | undefined): void {
  if (currency !== undefined) void reply.header(SUGGESTED_CURRENCY, currency);
}

/** The store's form of an error. */
export async function sendError(
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
): Promise<void> {
  await sendJson(reply, status, { 'error-list': [{ code, message }] });
}

/** An upstream answer that is the device's business: 401 makes it renew its session, 429 wait (protocol page 3). */
export async function sendRelayed(
  reply: FastifyReply,
  answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Buffer;
  },
  contentType?: string,
): Promise<void> {
  const { 'www-authenticate': authenticate, 'content-type': type } = answer.headers;
  if (authenticate !== undefined) void reply.header('www-authenticate', authenticate);
  await reply
    .code(answer.status)
    .header('content-type', contentType ?? type ?? 'application/octet-stream')
    .send(answer.body);
}
