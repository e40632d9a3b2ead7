import { describe, expect, it } from 'vitest';
import { isInNetwork, readNetwork } from './network.js';

describe('a network', () => {
  it.each([
    ['10.20.0.0/16', '10.20.0.0', 16, 4],
    ['192.168.7.9/32', '192.168.7.9', 32, 4],
    ['FD00:20::/32', 'fd00:20::', 32, 6],
    ['fd00:0:0:1::/64', 'fd00:0:0:1::', 64, 6],
    ['::1/128', '::1', 128, 6],
  ])('is %s', (text, address, prefix, family) =>
    expect(readNetwork(text)).toEqual({ address, prefix, family }),
  );

  it.each([
    '10.20.0.0',
    '10.20.0.0/33',
    '10.20.0.0/0',
    '10.20.1.0/16',
    '10.0.0/8',
    'lab/16',
    'fd00::1/64',
    '1/2/3',
    '',
  ])('is not %j, which says why', (text) => expect(readNetwork(text)).toEqual(expect.any(String)));

  it('that has bits behind its prefix is answered with the one that may be meant', () =>
    expect(readNetwork('10.20.1.7/16')).toContain('10.20.0.0/16'));
});

describe('an address', () => {
  const inside = (text: string, address: string) => {
    const network = readNetwork(text);
    if (typeof network === 'string') throw new Error(network);
    return isInNetwork(network, address);
  };

  it.each([
    ['10.20.0.0/16', '10.20.255.1'],
    ['10.20.0.0/16', '::ffff:10.20.0.7'],
    ['192.168.7.9/32', '192.168.7.9'],
    ['fd00:20::/32', 'fd00:20:1::7'],
  ])('of %s is %s', (network, address) => expect(inside(network, address)).toBe(true));

  it.each([
    ['10.20.0.0/16', '10.21.0.1'],
    ['10.20.0.0/16', 'fd00:20::1'],
    ['fd00:20::/32', 'fd00:21::1'],
    ['fd00:20::/32', '10.20.0.1'],
    ['10.20.0.0/16', 'nonsense'],
    ['10.20.0.0/16', ''],
  ])('of %s is not %s', (network, address) => expect(inside(network, address)).toBe(false));
});
