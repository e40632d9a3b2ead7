import type { LookupAddress, LookupOptions } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { pinnedLookup } from './pinned-lookup.js';

const PUBLIC: LookupAddress = { address: '185.125.188.54', family: 4 };
const PRIVATE: LookupAddress = { address: '10.0.0.7', family: 4 };

describe('pinnedLookup', () => {
  it('gives the public addresses that it checked', async () => {
    expect(await lookedUp([PUBLIC], { all: true })).toEqual([PUBLIC]);
    expect(await lookedUp([PUBLIC], {})).toEqual(PUBLIC.address);
  });

  it.each([[[PRIVATE]], [[PUBLIC, PRIVATE]], [[]]])('refuses %j', async (addresses) => {
    await expect(lookedUp(addresses, { all: true })).rejects.toMatchObject({ code: 'refused-address' });
  });

  it('passes on that a name is unknown', async () => {
    const unknown = Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
    const lookup = pinnedLookup(() => Promise.reject(unknown));
    await expect(promised(lookup, { all: true })).rejects.toBe(unknown);
  });
});

function lookedUp(addresses: LookupAddress[], options: LookupOptions): Promise<unknown> {
  return promised(
    pinnedLookup(() => Promise.resolve(addresses)),
    options,
  );
}

function promised(lookup: ReturnType<typeof pinnedLookup>, options: LookupOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    lookup('cdn.example', options, (error, address) => (error ? reject(error) : resolve(address)));
  });
}
