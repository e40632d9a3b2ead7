/**
 * Loaded into every server before its own program (`node --import`): a server whose supervisor is gone, killed even, ends as if it
 * had been told to.
 */
const PATIENCE_MS = 10_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), PATIENCE_MS).unref();
});
