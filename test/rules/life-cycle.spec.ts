import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lifeCycleDiagram, withDiagram } from '#test/support/life-cycle/diagram';
import { STATUSES } from '#release-control/domain/change-request/state';

const PAGE = 'docs/explanation/change-control.md';

it('the page of change control draws the life that the deciders allow: run "npm run generate"', () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toBe(withDiagram(page));
});

it('the page says what each status means, and none that there is not', () => {
  const rows = [...readFileSync(PAGE, 'utf8').matchAll(/^\| `([a-z-]+)` /gm)].map(([, status]) => status);
  expect(rows).toEqual([...STATUSES]);
});

it('the diagram leads to every status', () => {
  for (const status of STATUSES)
    expect(lifeCycleDiagram()).toMatch(new RegExp(`--> ${status.replaceAll('-', '_')} : `));
});
