import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptureBench } from '../testing/capture-bench.js';
import { SigningAuthority } from '../testing/signing-authority.js';
import { SNAP_CONTENT, snapObject } from '../testing/test-store.js';

const authority = new SigningAuthority();

let bench: CaptureBench;
beforeEach(async () => {
  bench = await CaptureBench.open(authority);
});
afterEach(async () => bench[Symbol.asyncDispose]());

function refused(code: string, message: RegExp): unknown {
  return { code, message: expect.stringMatching(message) as string, kept: 0 };
}

describe('a capture is refused when there is', () => {
  it('no snap of that name', async () => {
    bench.store.result = () => ({ result: 'error', error: { code: 'name-not-found' } });
    expect(await bench.refusal()).toEqual(refused('snap-not-found', /no snap named lab-hello/));
    bench.store.result = () => undefined;
    expect(await bench.refusal()).toEqual(refused('snap-not-found', /no snap named lab-hello/));
    expect(await bench.refusal({ name: '../x' })).toEqual(refused('snap-not-found', /can't be the name/));
  });

  it('no channel of that form', async () => {
    expect(await bench.refusal({ channel: 'a/b/c/d' })).toEqual(refused('malformed-channel', /no channel/));
  });

  it('no such revision, saying where the snap is', async () => {
    const error = {
      code: 'revision-not-found',
      extra: { releases: [{ architecture: 's390x', channel: 'edge' }, 'x', { architecture: 's390x' }] },
    };
    bench.store.result = () => ({ result: 'error', error });
    expect(await bench.refusal()).toEqual(
      refused('revision-not-found', /no revision 5 of lab-hello for amd64, arm64; .* for s390x$/),
    );
  });

  it('another revision than was asked for', async () => {
    expect(await bench.refusal({ revision: 7 })).toEqual(
      refused('revision-not-found', /revision 5 of lab-hello when asked for 7/),
    );
  });

  it('nothing for our architectures', async () => {
    bench.answerWith({ architectures: ['riscv64', 'armhf'] });
    expect(await bench.refusal()).toEqual(
      refused('no-architecture', /5 of lab-hello is for armhf, riscv64, .*: amd64, arm64$/),
    );
  });

  it('an error that we have no words for', async () => {
    bench.store.result = () => ({ result: 'error', error: { code: 'paid', message: 'buy it first' } });
    expect(await bench.refusal()).toEqual(refused('store-refused', /"paid": "buy it first"/));
  });

  it.each([
    ['name', 5],
    ['snap-id', 'short'],
    ['revision', '5'],
    ['architectures', []],
    ['publisher', { username: 'labdev' }, 'id'],
    ['download', { url: 'x', size: 1, 'sha3-384': 'AB' }, 'sha3-384'],
    ['download', { url: 'x', size: -1, 'sha3-384': 'a'.repeat(96) }, 'size'],
    ['confinement', undefined],
  ])('no usable %s', async (member, value, missing = member) => {
    bench.answerWith({ [member]: value });
    expect(await bench.refusal()).toEqual(refused('malformed-metadata', new RegExp(missing)));
  });

  it('an answer that leads down for ever', async () => {
    bench.store.intercept = (_, response) => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      response.end(`{"results":[{"result":"download","snap":{"epoch":${deep}}}]}`);
      return true;
    };
    expect(await bench.refusal()).toEqual(refused('malformed-metadata', /snap object/));
  });

  it('no agreement between architectures', async () => {
    bench.store.result = (architecture) => ({
      result: 'download',
      snap: { ...snapObject(bench.store.url), publisher: { id: architecture } },
    });
    expect(await bench.refusal()).toEqual(refused('metadata-disagrees', /differently for amd64 and arm64/));
  });
});

describe('a capture says that', () => {
  it.each(['/v2/snaps/refresh', '/v2/assertions/', '/download/'])('upstream is slow at %s', async (path) => {
    await using hurried = await CaptureBench.open(authority, 300);
    hurried.store.intercept = ({ url }) => url?.startsWith(path) ?? false;
    expect(await hurried.refusal()).toEqual(refused('timed-out', /longer than 300 ms/));
  });

  it.each(['/v2/snaps/refresh', '/v2/snaps/info/', '/v2/assertions/', '/download/'])(
    'upstream is ill at %s',
    async (path) => {
      bench.store.intercept = ({ url }, response) => {
        const hit = url?.startsWith(path) ?? false;
        if (hit) response.writeHead(503).end();
        return hit;
      };
      expect(await bench.refusal()).toEqual(refused('server-error', /answered 503/));
    },
  );

  it('upstream went away in the middle of the download', async () => {
    bench.store.intercept = ({ url }, response) => {
      if (!url?.startsWith('/download/')) return false;
      response.writeHead(200, { 'content-length': SNAP_CONTENT.length });
      response.write('a squash', () => response.destroy());
      return true;
    };
    expect(await bench.refusal()).toEqual(refused('unreachable', /cannot reach/));
  });

  it('upstream sends us somewhere that we don’t go', async () => {
    bench.answerWith({
      download: { ...(snapObject('').download as object), url: 'http://169.254.169.254/x' },
    });
    expect(await bench.refusal()).toEqual(refused('refused-address', /169\.254/));
  });
});
