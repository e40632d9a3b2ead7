import { expect, it } from 'vitest';
import { RingAccess } from '../policy/ring-access.js';
import { patchedNames } from './catalogue-answer.js';
import { holding, LAB_TOOL } from './testing-manifests.js';

const upstream = {
  _embedded: {
    'clickindex:package': ['lab-hello', 'lab-tool', 'lab-big'].map((name) => ({
      package_name: name,
      apps: [name],
    })),
  },
};
const tool = [{ format: 'snap', subject: LAB_TOOL, name: 'lab-tool' }];

function names(access: RingAccess, from = upstream): string[] {
  const shown = JSON.stringify(patchedNames(access, holding({}), from));
  expect(shown).toMatch(/^\{"_embedded":\{"clickindex:package":\[/);
  return [...shown.matchAll(/"package_name":"([^"]+)"/g)].map(([, name = '']) => name);
}

it('a denied snap is in no catalogue', () => {
  expect(names(new RingAccess({ access: 'open', denied: tool }))).toEqual(['lab-hello', 'lab-big']);
});

it('a gated ring’s catalogue has what is held, and what is allowed as upstream has it, in the order of their names', () => {
  const access = new RingAccess({ access: 'gated', allowed: tool });
  expect(names(access)).toEqual(['lab-hello', 'lab-tool']);
  expect(names(access, { _embedded: { 'clickindex:package': [] } })).toEqual(['lab-hello']);
});

it.each([{}, { _embedded: null }, { _embedded: { 'clickindex:package': ['nonsense', {}] } }])(
  'upstream’s may be nonsense: %j',
  (from) => {
    const access = new RingAccess({ access: 'open', denied: tool });
    expect(patchedNames(access, holding(), from)).toEqual({ _embedded: { 'clickindex:package': [] } });
  },
);
