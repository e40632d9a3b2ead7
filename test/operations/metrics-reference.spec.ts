import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { registeredMetrics } from './registered-metrics.js';

const PAGE = path.resolve(import.meta.dirname, '../../docs/reference/metrics.md');

/** The rows of the page's tables: metric, type, labels, servers, meaning. */
async function documented(): Promise<readonly string[][]> {
  const lines = (await readFile(PAGE, 'utf8')).split('\n');
  return lines
    .filter((line) => line.startsWith('| `holdfast_'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
}

/** The same, from what the servers register. */
function registered(): readonly string[][] {
  const rows = new Map<string, string[]>();
  for (const { server, name, type, labels, help } of registeredMetrics()) {
    const row = rows.get(`${name} ${help}`);
    if (row) row[3] = `${row[3]}, ${server}`;
    else rows.set(`${name} ${help}`, [name, type, labels.join(', ') || '-', server, help]);
  }
  return [...rows.values()].sort(([a = ''], [b = '']) => a.localeCompare(b, 'en'));
}

it('docs/reference/metrics.md lists every metric of each server as it is registered, and nothing else', async () => {
  expect(await documented()).toEqual(registered());
});
