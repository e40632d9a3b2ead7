import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { STORE_VERSION, STORE_VERSION_VALUE } from '#snap';

/** What Node's parser says of a request that it gives up, before there is one that hooks and filters could see. */
const SAYS: Readonly<Record<string, { readonly status: number; readonly message: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'the request took too long to come' },
  HPE_HEADER_OVERFLOW: { status: 431, message: 'the headers are too long: at most 16 KiB are taken' },
};
const MALFORMED = { status: 400, message: 'this is not HTTP as we understand it' };

/** Answers in the store's form, with the headers of every answer, and ends the connection. For Fastify's option `clientErrorHandler`. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { status, message } = SAYS[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify({ 'error-list': [{ code: 'bad-request', message }] });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `${STORE_VERSION}: ${STORE_VERSION_VALUE}`,
    'connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}
