import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { FilesystemBlobStore } from '#blob-store/filesystem/filesystem-blob-store';
import type { SnapCaptureManifest } from '#catalog/published';
import { PROXY_NODE_OPTIONS } from '#apps/host/src/server-environment';
import { canonicalBytes, sha256Hex, type JsonValue } from '#kernel';
import {
  membershipBytes,
  membershipNoteText,
  policyBytes,
  policyKeyName,
  policyNoteText,
  type MembershipDocument,
  type PolicyDocument,
  type PolicyEntry,
} from '#release-control/published';
import { noteSigner, signNote } from '#tlog';
import { startChild, type Child } from './child.js';

const ORIGIN = 'bench.example/log';
const POLICY_KEY = noteSigner(policyKeyName(ORIGIN), Buffer.alloc(32, 1));
/** What a node that this proxy is to be must have been told at its enrolment. */
export const OBEYED = { origin: ORIGIN, policyKey: POLICY_KEY.vkey };
/** Of its sessions and addresses, hex. */
export const PROXY_KEY = 'ab'.repeat(32);
/** An upstream where nobody listens: all that is asked for is held. */
export const NO_UPSTREAM = 'http://127.0.0.1:9/';
/** Nobody listens there: the proxy serves from the policy on its disk, as after a restart without its database. */
const NO_DATABASE = 'postgres://holdfast_proxy@127.0.0.1:9/none';

/**
 * The real proxy, as a process, with a signed policy that holds what these manifests say on latest/stable for amd64.
 * @param settings more of them
 * @param members by which rules devices are in the ring
 */
export async function startProxy(
  manifests: readonly SnapCaptureManifest[],
  upstreamUrl: string,
  settings: Readonly<Record<string, string>> = {},
  members: Members = { rules: [], lists: [] },
): Promise<Child> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-proxy-'));
  const inFolder = (name: string): string => path.join(folder, name);
  await writeFile(inFolder('proxy.key'), PROXY_KEY);
  await writeFile(inFolder('policy.vkey'), `${POLICY_KEY.vkey}\n`);
  const entries = await keep(manifests, inFolder('kept'));
  await writePolicy(entries, members, inFolder('cache'));
  const proxy = await startChild('apps/proxy/src/main.js', {
    NODE_OPTIONS: PROXY_NODE_OPTIONS,
    DATABASE_URL: NO_DATABASE,
    HOLDFAST_POLICY_VKEY_FILE: inFolder('policy.vkey'),
    HOLDFAST_PROXY_KEY_FILE: inFolder('proxy.key'),
    HOLDFAST_KEPT_DIR: inFolder('kept'),
    HOLDFAST_CACHE_DIR: inFolder('cache'),
    HOLDFAST_UPSTREAM_URL: upstreamUrl,
    HOLDFAST_PROXY_PORT: '0',
    HOLDFAST_PROXY_HEALTH_PORT: '0',
    ...settings,
  });
  const stop = async (): Promise<void> => {
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...proxy, stop };
}

async function keep(manifests: readonly SnapCaptureManifest[], folder: string): Promise<PolicyEntry[]> {
  const kept = await FilesystemBlobStore.open(folder);
  const entries: PolicyEntry[] = [];
  for (const manifest of manifests) {
    const bytes = canonicalBytes(manifest as unknown as JsonValue);
    await kept.put(Readable.from([bytes]), { sha256: sha256Hex(bytes) });
    const { subject, name, version } = manifest;
    const target = { format: 'snap', subject, channel: 'latest/stable', architecture: 'amd64' } as const;
    entries.push({ ...target, name, version, manifest: sha256Hex(bytes) });
  }
  await kept.close();
  return entries;
}

type Members = Pick<MembershipDocument, 'rules' | 'lists'>;

async function writePolicy(entries: readonly PolicyEntry[], members: Members, cache: string): Promise<void> {
  const document: PolicyDocument = {
    v: 1,
    origin: ORIGIN,
    ring: 'default',
    access: 'open',
    position: '41',
    root: Buffer.alloc(32).toString('base64'),
    entries,
  };
  const { origin, root } = document;
  const membership: MembershipDocument = {
    v: 1,
    origin,
    position: '0',
    root,
    rings: ['default'],
    ...members,
  };
  await mkdir(path.join(cache, 'policy'), { recursive: true });
  await writeSigned(
    path.join(cache, 'policy', 'default.json'),
    policyBytes(document),
    policyNoteText(document),
  );
  await writeSigned(
    path.join(cache, 'policy', 'membership.v1.json'),
    membershipBytes(membership),
    membershipNoteText(membership),
  );
}

async function writeSigned(file: string, document: Uint8Array, text: string): Promise<void> {
  const note = signNote(text, [POLICY_KEY]);
  await writeFile(file, JSON.stringify({ document: Buffer.from(document).toString('base64'), note }));
}
