import { pino, type DestinationStream, type Logger } from 'pino';
import { requestIdInForce } from '../http/request-id.js';

export type { Logger };

/** Never logged, wherever in a logged object they stand (up to two levels deep; nobody logs whole requests). */
const SECRETS = [
  'password',
  'newPassword',
  'secret',
  'token',
  'authorization',
  'cookie',
  'enrolmentSecret',
  'firstPart',
  'secondPart',
  'otpauthUri',
  'credentials',
];

/**
 * JSON lines on standard output. What is said while a request is answered, or while an event that came of one is handled, carries that request's
 * id: one id leads through the logs of all servers. @param level pino's: trace debug info warn error fatal silent
 */
export function createLogger(
  app: string,
  level = 'info',
  destination: DestinationStream = standardOutput(),
): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options = {
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: requestId,
    redact: { paths, censor: '[redacted]' },
  };
  return pino(options, destination);
}

/**
 * Written before the call returns: what is said before a crash is there. It also ends with its reader. Were lines to wait, pino would try
 * those again for ever at a process's exit that nobody reads (EPIPE), and a server outlive its killed supervisor.
 */
function standardOutput(): DestinationStream {
  return pino.destination({ dest: 1, sync: true });
}

function requestId(): object {
  const id = requestIdInForce();
  return id === undefined ? {} : { requestId: id };
}
