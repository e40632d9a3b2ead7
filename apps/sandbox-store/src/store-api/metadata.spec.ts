import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreUnderTest } from '../testing/store-under-test.js';

let store: StoreUnderTest;
beforeAll(async () => {
  store = await StoreUnderTest.start();
});
afterAll(() => store.stop());

interface Info {
  readonly 'channel-map': readonly {
    readonly channel: { readonly architecture: string; readonly name: string; readonly track: string };
    readonly revision: number;
  }[];
  readonly 'default-track': string | null;
  readonly 'snap-id': string;
}

/** Channel map entries as `architecture name revision`. */
async function channelMap(path: string): Promise<string[]> {
  const { json } = await store.get(path);
  return (json as Info)['channel-map'].map(
    ({ channel, revision }) => `${channel.architecture} ${channel.name} ${revision}`,
  );
}

describe('GET /v2/snaps/info/:name', () => {
  it('has the channel map of an architecture, stablest first, tracks after latest', async () => {
    expect(await channelMap('/v2/snaps/info/lab-tool?architecture=amd64')).toEqual([
      'amd64 stable 3',
      'amd64 candidate 4',
      'amd64 edge 7',
      'amd64 2.0/stable 4',
      'amd64 2.0/edge 7',
    ]);
  });

  it('has all architectures when none is asked for', async () => {
    expect(await channelMap('/v2/snaps/info/lab-multi')).toEqual([
      'amd64 stable 10',
      'arm64 stable 11',
      'amd64 edge 12',
      'arm64 edge 13',
    ]);
    expect(await channelMap('/v2/snaps/info/lab-multi?architecture=armhf')).toEqual([]);
  });

  it('names the default track', async () => {
    const before = (await store.get('/v2/snaps/info/lab-tool')).json as Info;
    store.store.setDefaultTrack('lab-tool', '2.0');
    const after = (await store.get('/v2/snaps/info/lab-tool')).json as Info;
    store.store.setDefaultTrack('lab-tool', null);
    expect([before['default-track'], after['default-track']]).toEqual([null, '2.0']);
    expect(after['snap-id']).toBe('labtoolidlabtoolidlabtoolidlab02');
  });

  it('is 404 in the store’s words for a snap that is not there', async () => {
    const { status, json } = await store.get('/v2/snaps/info/nobody');
    expect(status).toBe(404);
    expect(json).toEqual({
      'error-list': [{ code: 'resource-not-found', message: "No snap named 'nobody' found in series '16'." }],
    });
  });
});

describe('GET /v2/snaps/find', () => {
  async function found(query: string): Promise<string[]> {
    const { headers, json } = await store.get(`/v2/snaps/find?${query}`);
    expect(headers.get('content-type')).toBe('application/json'); // anything more, and snapd refuses it
    const { results } = json as {
      results: { name: string; revision: { channel: string; revision: number } }[];
    };
    return results.map(({ name, revision }) => `${name} ${revision.channel} ${revision.revision}`);
  }

  it('finds by words and by the beginning of a name', async () => {
    expect(await found('q=HELLO')).toEqual(['lab-hello stable 1']);
    expect(await found('q=tool%20lab')).toEqual(['lab-tool stable 3']);
    expect(await found('name=lab-m&architecture=arm64')).toEqual(['lab-multi stable 11']);
    expect(await found('name=ab-m')).toEqual([]);
    expect(await found('q=nothing-like-it')).toEqual([]);
  });

  it('finds what is in a category', async () => {
    expect(await found('category=featured')).toEqual(['lab-hello stable 1', 'lab-multi stable 10']);
    expect(await found('category=featured&q=hello')).toEqual(['lab-hello stable 1']);
    expect(await found('category=games')).toEqual([]);
  });

  it('shows what the channel has', async () => {
    expect(await found('name=lab-hello&channel=edge')).toEqual(['lab-hello edge 5']);
    expect(await found('name=lab-multi&architecture=armhf')).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('names every snap in order, and begins with what snapd wants to read first', async () => {
    const { headers, bytes } = await store.get('/api/v1/snaps/names?confinement=strict,classic');
    expect(headers.get('content-type')).toBe('application/hal+json');
    expect(bytes.toString()).toMatch(/^\{"_embedded":\{"clickindex:package":\[\{/);
    const { _embedded } = JSON.parse(bytes.toString()) as {
      _embedded: Record<string, { package_name: string }[]>;
    };
    const names = _embedded['clickindex:package']?.map(({ package_name: name }) => name);
    expect(names).toEqual(['bare', 'core', 'lab-hello', 'lab-multi', 'lab-tool', 'snapd']);
  });

  it('has one section, which is a category to newer clients', async () => {
    const sections = await store.get('/api/v1/snaps/sections');
    expect(sections.headers.get('content-type')).toBe('application/hal+json');
    expect(sections.bytes.toString()).toBe('{"_embedded":{"clickindex:sections":[{"name":"featured"}]}}');
    expect((await store.get('/v2/snaps/categories')).json).toEqual({ categories: [{ name: 'featured' }] });
  });
});

describe('every answer', () => {
  it.each([
    ['/', 'HEAD', 200],
    ['/v2/snaps/find', 'GET', 200],
    ['/v2/snaps/info/nobody', 'GET', 404],
    ['/v2/assertions/account/nobody', 'GET', 404],
    ['/nowhere', 'GET', 404],
    ['/v2/snaps/refresh', 'POST', 400],
  ])('of %s (%s) has the store’s version and a plain content type', async (path, method, status) => {
    const answer = await store.get(path, { method });
    expect([answer.status, answer.headers.get('snap-store-version')]).toEqual([status, '55']);
    expect(answer.headers.get('content-type')).toBe('application/json');
  });
});
