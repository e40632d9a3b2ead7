import { describe, expect, it } from 'vitest';
import { directHosts } from './direct-hosts.js';

const direct = (list: string, url: string): boolean => directHosts(list)(new URL(url));

describe('directHosts', () => {
  it.each([
    ['mirror.site.example', 'http://mirror.site.example/x'],
    ['site.example', 'https://mirror.site.example/'],
    ['.site.example', 'https://site.example/'],
    [' a.example , Mirror.Example ', 'https://MIRROR.example/'],
    ['mirror.example', 'https://mirror.example./'],
    ['mirror.example:8080', 'http://mirror.example:8080/'],
    ['mirror.example:443', 'https://mirror.example/'],
    ['10.1.2.3', 'http://10.1.2.3:8080/'],
    ['10.0.0.0/8', 'http://10.200.0.1/'],
    ['fd00::/8', 'http://[fd12::1]/'],
    ['fd12::1', 'http://[fd12::1]/'],
    ['[fd12::1]:8080', 'http://[fd12::1]:8080/'],
    ['*', 'https://anything.example/'],
  ])('%j has %s', (list, url) => expect(direct(list, url)).toBe(true));

  it.each([
    ['', 'https://api.snapcraft.io/'],
    ['site.example', 'https://othersite.example/'],
    ['site.example', 'https://site.example.evil.example/'],
    ['mirror.example:8080', 'http://mirror.example/'],
    ['10.0.0.0/8', 'http://11.0.0.1/'],
    ['10.0.0.0/8', 'http://ten.example/'],
    ['0.0.0.0/0', 'http://[::1]/'],
  ])('%j has not %s', (list, url) => expect(direct(list, url)).toBe(false));

  it.each([
    'two words',
    '10.0.0.0/33',
    '10.0.0.0/',
    'a/8',
    '300.1.1.1',
    'https://a.example',
    'a:70000',
    '*.a',
  ])('refuses %j', (list) => expect(() => directHosts(`good.example,${list}`)).toThrow(list.toLowerCase()));
});
