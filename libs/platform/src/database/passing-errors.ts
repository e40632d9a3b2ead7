import pg from 'pg';
import { EventStoreError } from '#event-store/port';
import { serverSaysPassing } from '#event-store/passing-sqlstates';

/** What Node's sockets say of a server that is away. */
const NETWORK = /^(E(CONN[A-Z]+|PIPE|TIMEDOUT|HOSTUNREACH|HOSTDOWN|NETUNREACH|NETDOWN|AI_AGAIN)|ENOTFOUND)$/;

/** What pg says of a connection that broke, or did not come about: these have no code. */
const CONNECTION =
  /^(Connection terminated|timeout expired$|timeout exceeded when trying to connect|Query read timeout|Client (has encountered a connection error|was closed))/;

/** Whether work failed for a reason that goes by itself: the event store or the database was away or busy, or the connection broke. Done again, it may succeed. */
export function mayPass(error: unknown): boolean {
  if (error instanceof EventStoreError) return error.code === 'unavailable';
  if (error instanceof pg.DatabaseError) return serverSaysPassing(error);
  if (!(error instanceof Error)) return false;
  if (CONNECTION.test(error.message)) return true;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  // The last: a server on a Unix socket makes it when it starts. A file that is missing does not come by itself.
  return NETWORK.test(code) || (syscall === 'connect' && code === 'ENOENT');
}
