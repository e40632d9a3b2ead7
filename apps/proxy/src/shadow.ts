import type { FastifyRequest } from 'fastify';
import type { Logger } from '#platform/logging/logger';
import { readKeyFile } from '#platform/setting-file';
import {
  Incumbent,
  IncumbentSessions,
  Shadow,
  SnapServing,
  type ServingEvents,
  type ShadowEvents,
} from '#serving/published';
import { readWayOut } from '#upstream/published';
import type { ProxyConfig } from './config.js';
import { createProxy } from './proxy.js';

/** A shadow, and what it must let go of. */
export interface OpenedShadow {
  readonly shadow: Shadow;
  close(): Promise<void>;
}

/**
 * Undefined for a proxy that answers by itself.
 * @param serving what it would answer from
 * @throws ConfigError
 */
export async function openShadow(
  config: ProxyConfig,
  { parts }: SnapServing,
  events: ServingEvents,
  shadowEvents: ShadowEvents,
  logger: Logger,
): Promise<OpenedShadow | undefined> {
  if (config.shadowOf === undefined) return undefined;
  const { authorities } = await readWayOut(config);
  const incumbent = new Incumbent(new URL(config.shadowOf), authorities);
  const sessions = new IncumbentSessions(await readKeyFile('HOLDFAST_PROXY_KEY_FILE', config.proxyKeyFile));
  const unsent = onlyComputed(events);
  const serving = new SnapServing({ ...parts, sessions, events: unsent });
  // The same server that answers devices otherwise. It listens nowhere.
  const own = await createProxy(serving, unsent, logger);
  await own.init();
  logger.warn(
    { incumbent: config.shadowOf },
    'HOLDFAST_SHADOW_OF is set: the store proxy there answers devices, and what is decided here is only compared',
  );
  return {
    shadow: new Shadow({
      incumbent,
      sessions,
      serving,
      events: shadowEvents,
      ask: async ({ method, url, headers, body }: FastifyRequest) => {
        // The body came whole, and is given so.
        const { 'transfer-encoding': _coding, 'content-length': _length, ...sent } = headers;
        const answer = await own.inject({
          method,
          url,
          headers: sent,
          ...(body instanceof Buffer ? { payload: body } : {}),
        });
        return { status: answer.statusCode, body: answer.rawPayload };
      },
    }),
    close: async () => {
      incumbent.close();
      await own.close();
    },
  };
}

/** No device got the answer: nothing was offered to one, or kept from it. */
function onlyComputed(events: ServingEvents): ServingEvents {
  return {
    ...events,
    offered: () => Promise.resolve(),
    downloadEnded: () => undefined,
    refused: () => undefined,
    withheld: () => undefined,
  };
}
