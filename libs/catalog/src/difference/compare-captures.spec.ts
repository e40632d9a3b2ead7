import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryBlobStore } from '#blob-store/memory/memory-blob-store';
import { keptCapture, YAML, type Captured } from '../testing/kept-capture.js';
import { SigningAuthority } from '../testing/signing-authority.js';
import { PUBLISHER } from '../testing/test-store.js';
import { compareCaptures } from './compare-captures.js';

const ROOM = 6_000;

let authority: SigningAuthority;
let kept: MemoryBlobStore;
beforeAll(() => {
  authority = new SigningAuthority();
});
beforeEach(() => {
  kept = new MemoryBlobStore();
});

const captured = (capture?: Captured): Promise<string> => keptCapture(kept, authority, capture);
const between = async (before: Captured, after: Captured) =>
  compareCaptures(await captured(before), await captured(after), kept, ROOM);
const marks = async (before: Captured, after: Captured) =>
  (await between(before, after)).marks.map(({ code, text }) => `${code}: ${text}`);
const yaml = (more: string, base = YAML): Captured => ({ yaml: `${base}${more}` });

describe('what differs between two captures', () => {
  it('is nothing between equal ones', async () => {
    expect(await between({}, {})).toEqual({ lines: [], marks: [] });
  });

  it('is everything that is said, where upstream decided before', async () => {
    const { lines, marks: found } = await compareCaptures(null, await captured(), kept, ROOM);
    expect(lines).toEqual(
      [
        ['version', '2.0'],
        ['type', 'app'],
        ['base', 'core22'],
        ['confinement', 'strict'],
        ['size', '1000000 bytes'],
        ['publisher', PUBLISHER],
        ['snap-declaration', 'revision 0'],
        ['grade', 'stable'],
        ['epoch', '0'],
        ['plug files', 'content target=$SNAP/files'],
        ['plug network-observe', 'network-observe'],
        ['app hello', 'bin/hello'],
      ].map(([what, now]) => ({ what, old: null, new: now })),
    );
    expect(found).toEqual([
      { code: 'connects-by-itself', text: 'plug files (content): snapd connects it by itself' },
    ]);
  });

  it('is old → new, with what came and what went', async () => {
    const after = YAML.replace('grade: stable\n', '').replace('bin/hello', 'bin/hallo');
    const difference = await between({}, { yaml: after, snap: { base: 'core24' } });
    expect(difference).toEqual({
      lines: [
        { what: 'base', old: 'core22', new: 'core24' },
        { what: 'app hello', old: 'bin/hello', new: 'bin/hallo' },
        { what: 'grade', old: 'stable', new: null },
      ],
      marks: [{ code: 'base', text: 'base core22 → core24' }],
    });
  });

  it('has aliases by the declaration, and those of apps that may be set by hand', async () => {
    const declaration = { aliases: [{ name: 'hi', target: 'hello' }] };
    const { lines } = await between({}, { ...yaml('    aliases: [hi, hey]\n'), declaration });
    expect(lines).toEqual([
      { what: 'alias hey', old: null, new: 'hello (by hand only)' },
      { what: 'alias hi', old: null, new: 'hello' },
    ]);
  });

  it('shows where long texts begin to differ, and tells that they are not whole', async () => {
    const read = Array.from({ length: 40 }, (_, i) => `/etc/lab/${i}`);
    const files = (more: string) =>
      yaml(
        '',
        YAML.replace('content, target: $SNAP/files', `system-files, read: [${read.join(',')}]${more}`),
      );
    const { lines, omitted } = await between(files(''), files(', write: [/etc/shadow]'));
    expect(lines[0]?.new).toContain('write=["/etc/shadow"]');
    expect(lines[0]?.old).toMatch(/^….*\/etc\/lab\/39"\]$/);
    expect(omitted).toBe(1);
    const rule = (last: string) => {
      const names = Array.from({ length: 40 }, (_, i) => ({ 'allow-auto-connection': [`snap-${i}`] }));
      return { declaration: { plugs: { camera: { 'allow-connection': JSON.stringify(names) + last } } } };
    };
    const declared = await between(rule('a'), rule('b'));
    expect(declared.lines.map((line) => line.old === line.new)).toEqual([false]);
  });

  it('tells what there is no room for, lines first', async () => {
    const after = await captured({ snap: { confinement: 'classic' } });
    const whole = await compareCaptures(null, after, kept, ROOM);
    const short = await compareCaptures(null, after, kept, 400);
    expect(short.marks).toEqual(whole.marks);
    expect(short.omitted).toBe(whole.lines.length - short.lines.length);
    expect(Buffer.byteLength(JSON.stringify([short.lines, short.marks]))).toBeLessThan(420);
  });

  it('is asked of what is kept: an earlier capture that was lost is told, a later one is refused', async () => {
    const after = await captured();
    const lost = await compareCaptures('f'.repeat(64), after, kept, ROOM);
    expect(lost.marks[0]).toMatchObject({ code: 'earlier-capture-missing' });
    expect(lost.lines).toHaveLength(12);
    await expect(compareCaptures(after, 'f'.repeat(64), kept, ROOM)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('what to look at twice', () => {
  it.each<[string, Captured, Captured, string[]]>([
    [
      'a privileged interface',
      {},
      yaml('    slots: []\nhooks: {}\n', YAML.replace('network-observe', 'snapd-control')),
      [
        'privileged-interface: plug snapd-control: an interface that gives much, which only a snap-declaration allows',
      ],
    ],
    [
      'what snapd connects by itself',
      {},
      { yaml: YAML.replace('network-observe', 'network') },
      ['connects-by-itself: plug network: snapd connects it by itself'],
    ],
    ['nothing of what a person has to connect', {}, { yaml: YAML.replace('network-observe', 'camera') }, []],
    [
      'devmode',
      {},
      { yaml: YAML.replace('strict', 'devmode'), snap: { confinement: 'devmode' } },
      ['confinement: confinement strict → devmode: not kept to itself by snapd'],
    ],
    [
      'classic',
      {},
      { yaml: YAML.replace('strict', 'classic'), snap: { confinement: 'classic' } },
      ['confinement: confinement strict → classic: not kept to itself by snapd'],
    ],
    [
      'nothing of a confinement that becomes strict',
      { yaml: YAML.replace('strict', 'classic'), snap: { confinement: 'classic' } },
      {},
      [],
    ],
    [
      'a new hook',
      {},
      yaml('hooks:\n  install:\n'),
      ['new-hook: hook install: runs by itself, as root, from now on'],
    ],
    [
      'a new service',
      {},
      yaml('  daemon: {command: bin/d, daemon: simple}\n'),
      ['new-service: service daemon: runs by itself from now on'],
    ],
    [
      'an app that became a service',
      {},
      yaml('    daemon: oneshot\n'),
      ['new-service: service hello: runs by itself from now on'],
    ],
    [
      'an epoch',
      {},
      yaml('epoch: 1*\n'),
      ['epoch: epoch 0 → 1*: a device that has taken it may not be able to go back'],
    ],
    [
      'a publisher',
      {},
      { declaration: { 'publisher-id': 'another' } },
      [`publisher: publisher ${PUBLISHER} → another`],
    ],
    ['a size that jumps', { size: 2_000_000 }, { size: 4_000_000 }, ['size: size 2000000 → 4000000 bytes']],
    ['a size that falls', { size: 4_000_000 }, { size: 1_900_000 }, ['size: size 4000000 → 1900000 bytes']],
    ['nothing of a size that grows', { size: 4_000_000 }, { size: 5_900_000 }, []],
    ['nothing of little', { size: 1_000 }, { size: 1_000_000 }, []],
    [
      'a declaration that connects a plug',
      {},
      {
        yaml: YAML.replace('network-observe', 'camera'),
        declaration: { plugs: { camera: { 'allow-auto-connection': 'true' } } },
      },
      [
        'connects-by-itself: plug camera: its snap-declaration connects it by itself',
        'declaration: the snap-declaration says otherwise of plugs camera',
      ],
    ],
    [
      'a privileged interface whose rule says nothing of connecting: it connects then',
      {},
      {
        yaml: YAML.replace('network-observe', 'snapd-control'),
        declaration: { plugs: { 'snapd-control': { 'allow-installation': 'true' } } },
      },
      [
        'privileged-interface: plug snapd-control: an interface that gives much, which only a snap-declaration allows',
        'connects-by-itself: plug snapd-control: its snap-declaration connects it by itself',
        'declaration: the snap-declaration says otherwise of plugs snapd-control',
      ],
    ],
    [
      'an interface that snapd connects, under a rule of its own',
      {},
      {
        yaml: YAML.replace('network-observe', 'network'),
        declaration: { plugs: { network: { 'allow-connection': 'true' } } },
      },
      [
        'connects-by-itself: plug network: its snap-declaration connects it by itself',
        'declaration: the snap-declaration says otherwise of plugs network',
      ],
    ],
    [
      'no connection that is denied, whatever else is allowed',
      {},
      {
        yaml: YAML.replace('network-observe', 'network'),
        declaration: {
          plugs: { network: { 'allow-auto-connection': 'true', 'deny-auto-connection': 'true' } },
        },
      },
      ['declaration: the snap-declaration says otherwise of plugs network'],
    ],
    [
      'a declaration alone',
      {},
      { declaration: { plugs: { 'network-observe': { 'allow-auto-connection': 'true' } } } },
      ['declaration: the snap-declaration says otherwise of plugs network-observe'],
    ],
    [
      'attributes of a privileged plug',
      yaml(
        '    slots: []\n',
        YAML.replace('content, target: $SNAP/files', 'personal-files, read: [$HOME/.x]'),
      ),
      yaml(
        '    slots: []\n',
        YAML.replace('content, target: $SNAP/files', 'personal-files, write: [$HOME/.x]'),
      ),
      [
        'privileged-interface: plug files (personal-files): an interface that gives much, which only a snap-declaration allows',
      ],
    ],
    [
      'a snap.yaml that is not of what the store says',
      {},
      { snap: { confinement: 'classic' } },
      [
        'doubtful-metadata: its snap.yaml says confinement strict, the store classic',
        'confinement: confinement strict → classic: not kept to itself by snapd',
      ],
    ],
  ])('is %s', async (_what, before, after, expected) => {
    expect(await marks(before, after)).toEqual(expected);
  });
});

describe('a hostile snap.yaml', () => {
  const bomb = `${YAML}a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c]\n`;
  it.each<[string, string, string]>([
    ['is empty of anything', '# nothing', 'it is no map'],
    ['is a list', '- a\n', 'it is no map'],
    ['is a bomb of aliases', bomb, 'Excessive alias count indicates a resource exhaustion attack'],
    ['stands for itself', `${YAML}layout: &a {b: *a}\n`, 'Converting circular structure to JSON'],
    ['is nested too deeply', `${YAML}layout: ${'['.repeat(100_000)}\n`, 'line 12 is nested too deeply'],
    [
      'is nested line by line',
      Array.from({ length: 40 }, (_, i) => `${'  '.repeat(i)}a:\n`).join(''),
      'line 34 is nested too deeply',
    ],
    ['says something twice', `${YAML}plugs: {}\n`, 'it says "plugs" twice'],
    ['merges', `${YAML}more: &m {network: }\nslots: {<<: *m}\n`, 'it has a merge key'],
    ['is several documents', `${YAML}---\nplugs: {}\n`, 'Source contains multiple documents'],
    ['has tags', `${YAML}layout: !!js/function x\n`, 'Unresolved tag'],
    ['is too long', `${YAML}# ${'x'.repeat(300_000)}\n`, 'bytes, at most 262144 are read'],
  ])('that %s is marked, and nothing of it is believed', async (_how, text, why) => {
    const { marks: found, lines } = await between({}, { yaml: text });
    expect(found).toHaveLength(1);
    expect(found[0]?.code).toBe('doubtful-metadata');
    expect(found[0]?.text).toContain('its snap.yaml cannot be read: ');
    expect(found[0]?.text).toContain(why);
    // Nothing of the other seems gone, or new.
    expect(lines).toEqual([]);
    expect(await marks({ yaml: text }, {})).toEqual([
      expect.stringMatching(
        /^doubtful-metadata: of what was approved before, its snap.yaml cannot be read: /,
      ),
    ]);
  });

  it('that is not there is told as that', async () => {
    expect(await marks({}, { snap: { 'snap-yaml': '' } })).toEqual([
      'doubtful-metadata: the store gives no snap.yaml: its interfaces, apps, services and hooks are not known',
    ]);
  });

  it.each<[string, string]>([
    ['keys', Array.from({ length: 42_000 }, (_, i) => `k${i}:`).join('\n')],
    ['aliases', `a: &a x\nb: [${Array.from({ length: 60_000 }, () => '*a').join(',')}]\n`],
    ['anchors', `b: [${Array.from({ length: 30_000 }, (_, i) => `&a${i} x`).join(',')}]\n`],
    ['items', `b:\n${'- a\n'.repeat(60_000)}`],
  ])(
    'of a great many %s is refused, and not worked on until the patience of a test is over',
    async (_what, text) => {
      const [found] = (await between({}, { yaml: text })).marks;
      expect(found?.code).toBe('doubtful-metadata');
    },
  );

  it('may use an anchor as snapcraft does', async () => {
    const shared = YAML.replace('[files, network-observe]', '&id001 [files, network-observe]');
    expect(await between({}, { yaml: `${shared}  again:\n    command: bin/a\n    plugs: *id001\n` })).toEqual(
      {
        lines: [{ what: 'app again', old: null, new: 'bin/a' }],
        marks: [],
      },
    );
  });

  it('has names that are data, whatever they are', async () => {
    const { lines } = await between(
      {},
      yaml('  __proto__: {command: constructor}\nlayout: {toString: {}}\n'),
    );
    expect(lines).toEqual([
      { what: 'app __proto__', old: null, new: 'constructor' },
      { what: 'layout toString', old: null, new: '{}' },
    ]);
  });
});
