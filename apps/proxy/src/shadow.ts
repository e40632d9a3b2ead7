import type { Logger } from '#platform/logging/logger';
import { Incumbent, Shadow } from '#serving/published';
import { readWayOut } from '#upstream/published';
import type { ProxyConfig } from './config.js';

/** Undefined for a proxy that answers by itself. @throws ConfigError */
export async function openShadow(config: ProxyConfig, logger: Logger): Promise<Shadow | undefined> {
  if (config.shadowOf === undefined) return undefined;
  const { authorities } = await readWayOut(config);
  logger.warn(
    { incumbent: config.shadowOf },
    'HOLDFAST_SHADOW_OF is set: the store proxy there answers devices, and what is decided here is only compared',
  );
  return new Shadow(new Incumbent(new URL(config.shadowOf), authorities));
}
