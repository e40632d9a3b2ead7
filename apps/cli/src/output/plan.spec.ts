import { expect, it } from 'vitest';
import { gatesText, stagesText } from './plan.js';

const common = { inForceAt: null, verification: null };

it('says what a ring waits for in words, whatever of it is asked for', () => {
  expect(gatesText({ soakHours: 1, verified: false })).toBe('1 hour in the ring before');
  expect(gatesText({ soakHours: 0, verified: true })).toBe('a verification in the ring before');
  expect(gatesText({ soakHours: 24, verified: true, installedPercent: 90 })).toBe(
    '24 hours in the ring before and a verification in the ring before with 90 % of the devices',
  );
});

it('shows each ring of a plan, and what the next one waits for; of every other request nothing', () => {
  const text = stagesText([
    {
      ...common,
      stage: 1,
      ring: 'canary',
      state: 'in-force',
      gates: null,
      waitsFor: [],
      inForceAt: '2026-12-01T08:00:00.000Z',
    },
    {
      ...common,
      stage: 2,
      ring: 'pilot',
      state: 'waiting',
      gates: { soakHours: 24, verified: false },
      waitsFor: ['a resume: ring pilot is halted\u001b[2J'],
    },
  ]);
  expect(text).toMatch(/^1 +canary +in-force +2026-12-01T08:00:00.000Z/m);
  expect(text).toMatch(/^2 +pilot +waiting .* 24 hours in the ring before/m);
  expect(text).toContain('ring pilot waits for a resume: ring pilot is halted');
  expect(text).not.toContain('\u001b');
  expect(stagesText([])).toBe('');
});
