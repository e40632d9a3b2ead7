import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '#kernel';
import type { DeviceMark, Offered } from '../domain/deliveries/record.js';
import { Spool } from './spool.js';

const word = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 });
const device: fc.Arbitrary<DeviceMark> = fc.record({
  serial: word,
  proof: fc.constantFrom('store', 'key'),
  model: word,
  brand: word,
});
const member = fc.record({ ring: word, rule: word, position: fc.maxSafeNat().map(String) });
const whole = {
  what: fc.constant('offered'),
  at: fc.constant('2026-11-26T12:00:00.000Z'),
  device: fc.option(device),
  snapId: word,
  name: word,
  revision: fc.maxSafeNat(),
  channel: fc.option(word),
  position: fc.maxSafeNat().map(String),
};
const offered: fc.Arbitrary<Offered> = fc.oneof(fc.record(whole), fc.record({ ...whole, member }));

it('writes each offer in its canonical form, whatever it names', async () => {
  const records = fc.sample(offered, 500);
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-lines-'));
  try {
    const spool = await Spool.open(folder, 0, (error) => expect.fail(String(error)));
    for (const record of records) spool.add(record);
    await spool.close();
    const [file = ''] = await readdir(folder);
    const lines = (await readFile(path.join(folder, file), 'latin1')).split('\n');
    expect(lines).toEqual([...records.map(canonicalJson), '']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
