import { once } from 'node:events';
import { expect, it } from 'vitest';
import { nextLine, nodeProcess } from '#test/support/node-process';

/** Says that it is there, and its last words once nobody reads any more. */
const LAST_WORDS = `
  import { setTimeout as delay } from 'node:timers/promises';
  import { createLogger } from '#platform/logging/logger';
  const [, level] = process.argv;
  const logger = createLogger('test');
  logger.info('here');
  await delay(500);
  logger.info('one');
  logger[level]('another');
  process.exit(7);
`;

it.each(['fatal', 'info'])(
  'a process whose reader is gone ends, whatever it has to say: %s',
  async (level) => {
    const child = nodeProcess(LAST_WORDS, level);
    try {
      expect(await nextLine(child)).toContain('"msg":"here"');
      child.stdout.destroy();
      await once(child, 'exit', { signal: AbortSignal.timeout(20_000) });
      expect(child.exitCode).toBe(7);
    } finally {
      child.kill('SIGKILL');
    }
  },
);

it('what was said last comes out', async () => {
  const child = nodeProcess(LAST_WORDS, 'fatal');
  const said = await child.stdout.toArray();
  expect(Buffer.concat(said as Buffer[]).toString()).toContain('"msg":"another"');
});
