import type { RevisionDetails, SnapIdentity } from '../catalogue/snap.js';

/** A snap as it is before anybody used the store's administration. */
export interface InitialSnap {
  readonly identity: SnapIdentity;
  readonly revisions: readonly RevisionDetails[];
  /** What is in which channel, for every architecture that the revision runs on. */
  readonly releases: readonly (readonly [channel: string, revision: number])[];
}

const all = (number: number, version: string): RevisionDetails => ({
  number,
  version,
  architectures: ['all'],
});
const only = (number: number, version: string, architecture: string): RevisionDetails => ({
  number,
  version,
  architectures: [architecture],
});

function app(name: string, snapId: string, summary: string): SnapIdentity {
  return { name, snapId, type: 'app', base: 'bare', summary };
}

export const INITIAL_SNAPS: readonly InitialSnap[] = [
  {
    identity: app('lab-hello', 'labhelloidlabhelloidlabhelloid01', 'Says hello'),
    revisions: [all(1, '1.0'), all(2, '1.1'), all(5, '2.0')],
    releases: [
      ['latest/stable', 1],
      ['latest/candidate', 2],
      ['latest/edge', 5],
    ],
  },
  {
    identity: app('lab-tool', 'labtoolidlabtoolidlabtoolidlab02', 'A tool for the lab'),
    revisions: [all(3, '0.3'), all(4, '0.4'), all(7, '0.7')],
    releases: [
      ['latest/stable', 3],
      ['latest/candidate', 4],
      ['latest/edge', 7],
      ['2.0/stable', 4],
      ['2.0/edge', 7],
    ],
  },
  {
    identity: app('lab-multi', 'labmultiidlabmultiidlabmultiid04', 'Differs from machine to machine'),
    revisions: [
      only(10, '1.0', 'amd64'),
      only(11, '1.0', 'arm64'),
      only(12, '1.1', 'amd64'),
      only(13, '1.1', 'arm64'),
    ],
    releases: [
      ['latest/stable', 10],
      ['latest/stable', 11],
      ['latest/edge', 12],
      ['latest/edge', 13],
    ],
  },
  // What a daemon installs before any other snap; it knows these ids by heart (protocol page §11).
  {
    identity: {
      name: 'bare',
      snapId: 'EISPgh06mRh1vordZY9OZ34QHdd7OrdR',
      type: 'base',
      base: null,
      summary: 'An empty base',
    },
    revisions: [all(5, '1.0')],
    releases: [['latest/stable', 5]],
  },
  {
    identity: {
      name: 'snapd',
      snapId: 'PMrrV4ml8uWuEUDBT8dSGnKUYbevVhc4',
      type: 'snapd',
      base: null,
      summary: 'Stands in for snapd',
    },
    revisions: [all(100, '1.0')],
    releases: [['latest/stable', 100]],
  },
  // What `snap debug connectivity` asks a store for, whatever is installed (protocol page §5.7).
  {
    identity: {
      name: 'core',
      snapId: '99T7MUlRhtI3U0QFgl5mXXESAiSwt776',
      type: 'os',
      base: null,
      summary: 'Stands in for core',
    },
    revisions: [all(200, '1.0')],
    releases: [['latest/stable', 200]],
  },
];
