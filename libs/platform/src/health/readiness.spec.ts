import { describe, expect, it } from 'vitest';
import { Readiness } from './readiness.js';

describe('Readiness', () => {
  it('waits for what is expected until it is met, and says why', async () => {
    const readiness = new Readiness('projector');
    readiness.expect('lease', 'another projector holds it');
    expect(await readiness.report()).toEqual({
      server: 'projector',
      ready: false,
      waitsFor: ['lease'],
      conditions: [{ name: 'lease', needed: true, met: false, says: 'another projector holds it' }],
    });
  });

  it('is ready when all that is needed is met', async () => {
    const readiness = new Readiness('proxy');
    readiness.expect('policy', 'none yet').met();
    readiness.check('database', () => Promise.reject(new Error('ECONNREFUSED')), { needed: false });
    const report = await readiness.report();
    expect(report).toMatchObject({ ready: true, waitsFor: [] });
    expect(report.conditions).toContainEqual({
      name: 'database',
      needed: false,
      met: false,
      says: 'ECONNREFUSED',
    });
  });

  it('tells of a condition that was just met, or is not met any more, whoever has asked a moment before', async () => {
    const readiness = new Readiness('projector');
    const lease = readiness.expect('lease', 'another projector holds it');
    expect((await readiness.report()).ready).toBe(false);
    lease.met();
    expect((await readiness.report()).ready).toBe(true);
    lease.waiting('it was lost');
    expect((await readiness.report()).waitsFor).toEqual(['lease']);
  });

  it('takes a look that fails for a condition that is not met', async () => {
    const readiness = new Readiness('control');
    readiness.check('database', () => Promise.reject(new Error('ECONNREFUSED')));
    expect(await readiness.report()).toMatchObject({ ready: false, waitsFor: ['database'] });
  });

  it('takes a look that does not end for one that fails', async () => {
    const readiness = new Readiness('control');
    readiness.check('database', () => new Promise(() => undefined));
    const { conditions } = await readiness.report();
    expect(conditions).toEqual([
      { name: 'database', needed: true, met: false, says: 'no answer within 2 s' },
    ]);
  });

  it('looks once for all who ask at once', async () => {
    const readiness = new Readiness('control');
    let looks = 0;
    readiness.check('database', () => void looks++);
    await Promise.all([readiness.report(), readiness.report(), readiness.report()]);
    expect(looks).toBe(1);
  });

  it('is not ready once it stops, at once', async () => {
    const readiness = new Readiness('control');
    expect((await readiness.report()).ready).toBe(true);
    readiness.stop('told to stop: SIGTERM');
    expect(await readiness.report()).toMatchObject({ ready: false, waitsFor: ['stopping'] });
  });
});
