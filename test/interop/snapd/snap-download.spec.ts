import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTrustRoots, parseAssertion, splitAssertions, TrustRoots, verifyChain } from '#snap';
import { Fakestore } from './fakestore.js';
import { buildSnapRig, missingFrom, presentRig } from './rig.js';
import { SnapClient } from './snap-client.js';
import { packSnap } from './squashfs-snap.js';
import { LAB_DEVELOPER, TestStore } from './test-store.js';

const rig = await buildSnapRig();
const missing = missingFrom(rig);
const SNAP_ID = 'labhelloidlabhelloidlabhelloid01';
const TAMPERED_ID = 'labtoolidlabtoolidlabtoolidlab02';

describe.skipIf(missing !== undefined)(
  `snapd's own client and store${missing === undefined ? '' : ` (${missing} is missing)`}`,
  () => {
    let store: Fakestore;
    let client: SnapClient;
    let signer: TestStore;
    let snap: Buffer;

    beforeAll(async () => {
      const { snapBin, fakestoreBin } = presentRig(rig);
      store = await Fakestore.start(fakestoreBin);
      client = await SnapClient.for(snapBin, store.url);
      signer = await TestStore.with(presentRig(rig));
      snap = await packSnap('lab-hello', '1.0');
      await store.publishSnap('lab-hello_1.snap', snap);
      await store.publishAssertions([
        signer.account(),
        signer.declaration(SNAP_ID, 'lab-hello'),
        signer.revision(SNAP_ID, 1, snap),
      ]);
    });

    afterAll(async () => {
      await client?.[Symbol.asyncDispose]();
      await store?.[Symbol.asyncDispose]();
    });

    it('accepts the chain that we signed, and gets the snap', async () => {
      const { output, status, snap: downloaded } = await client.download('lab-hello');

      expect({ output, status }).toMatchObject({ status: 0 });
      expect(downloaded?.equals(snap)).toBe(true);
    });

    it('gets a chain that our own verifier accepts too, under the test root and under no other', async () => {
      const { assertions } = await client.download('lab-hello');
      const chain = splitAssertions(assertions ?? '');
      const rootsDir = presentRig(rig).rootsDir;
      const texts = await Promise.all(
        (await readdir(rootsDir)).map((file) => readFile(path.join(rootsDir, file))),
      );

      expect(chain.map(({ type }) => type).toSorted()).toEqual([
        'account',
        'account-key',
        'snap-declaration',
        'snap-revision',
      ]);
      expect(() => verifyChain(chain, loadTrustRoots(texts))).not.toThrow();
      expect(() => verifyChain(chain, new TrustRoots([]))).toThrow('is missing');
    });

    it('refuses a snap-revision whose signature is not of its content', async () => {
      const tool = await packSnap('lab-tool', '1.0');
      const good = signer.revision(TAMPERED_ID, 3, tool);
      const changed = parseAssertion(good.bytes.toString().replace('snap-revision: 3', 'snap-revision: 4'));
      await store.publishSnap('lab-tool_3.snap', tool);
      await store.publishAssertions([signer.declaration(TAMPERED_ID, 'lab-tool'), changed]);

      const refused = await client.download('lab-tool');
      await store.publishAssertions([good]);
      const accepted = await client.download('lab-tool');

      expect(refused.status).not.toBe(0);
      expect(refused.output).toContain('failed signature verification');
      expect({ status: accepted.status, output: accepted.output }).toMatchObject({ status: 0 });
    });

    it('gives back the bytes of an assertion with lists, maps and text as it was signed', async () => {
      const everything = signer.sign('store', {
        store: 'lab-proxy',
        'operator-id': LAB_DEVELOPER,
        location: 'two\nlines',
        'friendly-stores': ['one-store', 'other-store'],
        'x-nested': [
          { id: 'a', list: ['1', '2'] },
          { id: 'b', text: 'x\n\ny' },
        ],
      });
      await store.publishAssertions([everything]);

      const { output } = await client.known('store', { store: 'lab-proxy' });

      expect(output.trimEnd()).toBe(everything.bytes.toString().trimEnd());
    });

    it('understands that an assertion is not there', async () => {
      const { status, output } = await client.known('account', { 'account-id': 'nobody' });

      expect(status).not.toBe(0);
      expect(output).toContain('account (nobody) not found');
    });
  },
);
