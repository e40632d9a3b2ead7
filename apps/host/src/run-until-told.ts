import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceManager } from './service-manager/service-manager.js';
import type { Running, UpOptions } from './up.js';

/** When the proxy serves, what else is not ready after so long is not waited for: systemd would end the proxy with it. */
const PATIENCE_MS = 60_000;

/**
 * Starts a site, and stops it when SIGINT or SIGTERM says so, also in the middle of its start. systemd hears that it is ready when all servers
 * are; when that takes longer than a minute, then as soon as the proxy serves.
 */
export async function runUntilTold(
  service: Pick<ServiceManager, 'ready' | 'stopping'>,
  start: (options: Pick<UpOptions, 'signal' | 'onServing'>) => Promise<Running>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const told = new AbortController();
  const serving = Promise.withResolvers<string>();
  let begun = false;
  const listen = (): void => {
    if (told.signal.aborted) return;
    // First: what ends from now on did not fail.
    void service.stopping();
    told.abort(new Error('told to stop'));
  };
  // Told again while stopping: it is stopping already.
  process.on('SIGINT', listen).on('SIGTERM', listen);
  void (async () => {
    await pause(patienceMs, undefined, { ref: false });
    const proxy = await serving.promise;
    if (begun || told.signal.aborted) return;
    await service.ready(`proxy at ${proxy}; the other servers are waited for, /readyz says why`);
  })();
  try {
    const running = await start({ signal: told.signal, onServing: serving.resolve });
    begun = true;
    if (!told.signal.aborted) {
      await service.ready(`control at ${running.urls.control}, proxy at ${running.urls.proxy}`);
      await aborted(told.signal);
    }
    await running.stop();
  } catch (error) {
    if (!told.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', listen).off('SIGTERM', listen);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
