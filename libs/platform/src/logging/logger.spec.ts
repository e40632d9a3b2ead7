import { expect, it } from 'vitest';
import { createLogger } from './logger.js';

it.each([
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
])('%s is not logged, wherever it stands', (name) => {
  const lines: string[] = [];
  const logger = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  const object = { [name]: 'hush' };
  logger.info({ ...object, body: object, request: { body: object } }, 'asked');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('[redacted]');
  expect(lines[0]).not.toContain('hush');
});
