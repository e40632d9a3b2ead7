import { expect, it } from 'vitest';
import { calledBy } from './names.js';

it.each([
  ['/usr/local/bin/snap-proxy', 'snap-proxy'],
  ['/snap/bin/enterprise-store', 'enterprise-store'],
  ['node_modules/.bin/snap-store-proxy', 'snap-store-proxy'],
  ['/usr/local/bin/holdfast', 'holdfast'],
  ['/opt/holdfast/dist/apps/cli/src/main.js', 'holdfast'],
  ['/usr/bin/snap', 'holdfast'],
  [undefined, 'holdfast'],
])('called by %s is %s', (path, name) => {
  expect(calledBy(path)).toBe(name);
});
