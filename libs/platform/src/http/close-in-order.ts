import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Requests that take longer than this after the stop was told are broken off: devices resume downloads, people ask again. */
const FINISH_MS = 8_000;
const LOOK_MS = 50;

/**
 * Closes an HTTP application: takes no new connection, lets requests that are under way finish, and closes each kept-alive connection as soon as
 * it has nothing more to do; by itself it would stay for as long as its client likes.
 */
export async function closeInOrder(app: NestFastifyApplication, finishMs = FINISH_MS): Promise<void> {
  const server = app.getHttpServer();
  const idle = setInterval(() => server.closeIdleConnections(), LOOK_MS);
  const cut = setTimeout(() => server.closeAllConnections(), finishMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(cut);
  }
}
