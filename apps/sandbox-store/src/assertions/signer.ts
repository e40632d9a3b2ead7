import { DEVELOPER } from '../content/developer.js';
import type { Revision, SnapIdentity } from '../catalogue/snap.js';
import { signAccount, signAccountKey, type Authority } from '../keys/authority.js';
import type { KeyFolder } from '../keys/key-files.js';
import { sign, TIMESTAMP } from './sign.js';
import type { Assertion } from '#snap';

/** Signs what a store signs, in the authority's name with its store key. */
export class StoreSigner {
  constructor(
    private readonly keys: KeyFolder,
    private readonly authority: Authority,
  ) {}

  /** The developer's account and key. */
  developer(): Assertion[] {
    const { accountId } = this.authority;
    return [
      signAccount(this.keys.store, accountId, DEVELOPER),
      signAccountKey(this.keys.store, accountId, DEVELOPER.id, 'default', this.keys.dev),
    ];
  }

  declaration(snap: SnapIdentity): Assertion {
    return sign(this.keys.store, {
      type: 'snap-declaration',
      headers: {
        'authority-id': this.authority.accountId,
        series: '16',
        'snap-id': snap.snapId,
        'publisher-id': DEVELOPER.id,
        'snap-name': snap.name,
        timestamp: TIMESTAMP,
      },
    });
  }

  revision(snap: SnapIdentity, revision: Revision): Assertion {
    return sign(this.keys.store, {
      type: 'snap-revision',
      headers: {
        'authority-id': this.authority.accountId,
        'snap-sha3-384': revision.sha3_384.toString('base64url'),
        'developer-id': DEVELOPER.id,
        'snap-id': snap.snapId,
        'snap-revision': String(revision.number),
        'snap-size': String(revision.blob.length),
        timestamp: TIMESTAMP,
      },
    });
  }
}
