import { loadConfig } from '#platform/config';
import { createLogger } from '#platform/logging/logger';
import { SandboxStoreConfig } from './config.js';
import { startSandboxStore } from './start-sandbox-store.js';

/** Starts only when somebody starts it: no other server does, and nothing in production wants it. */
async function main(): Promise<void> {
  const config = loadConfig(SandboxStoreConfig, process.env);
  const store = await startSandboxStore(config);
  createLogger('sandbox-store', config.logLevel).info(
    { url: store.url, trustRoots: store.trustRootsDir },
    'ready',
  );
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void store.close().then(() => process.disconnect?.()));
  }
  // Whoever started us with a channel waits for this.
  process.send?.({ ready: true, url: store.url });
}

main().catch((failure: unknown) => {
  process.stderr.write(`sandbox-store: ${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
});
