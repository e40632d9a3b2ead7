import { DEVELOPER } from '../content/developer.js';
import type { ValidationSet } from '../content/initial-validation-sets.js';
import type { Revision, SnapIdentity } from '../catalogue/snap.js';
import type { SnapShelf } from '../catalogue/snap-shelf.js';
import { signAccount, signAccountKey, type AccountDetails, type Authority } from '../keys/authority.js';
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

  /** The developer says it, with its own key. */
  validationSet({ name, sequence, snaps }: ValidationSet): Assertion {
    return sign(this.keys.dev, {
      type: 'validation-set',
      headers: {
        'authority-id': DEVELOPER.id,
        series: '16',
        'account-id': DEVELOPER.id,
        name,
        sequence: String(sequence),
        snaps: snaps.map(({ revision, ...snap }) => ({
          ...snap,
          ...(revision === undefined ? {} : { revision: String(revision) }),
        })),
        timestamp: TIMESTAMP,
      },
    });
  }

  account(details: AccountDetails): Assertion {
    return signAccount(this.keys.store, this.authority.accountId, details);
  }

  /** As the shelf says: by whom, and whether it names the snap. The first revision, 0, goes without saying. */
  declaration({ identity, publisher, declared }: SnapShelf): Assertion {
    const { revision, revoked } = declared;
    return sign(this.keys.store, {
      type: 'snap-declaration',
      headers: {
        'authority-id': this.authority.accountId,
        ...(revision > 0 ? { revision: String(revision) } : {}),
        series: '16',
        'snap-id': identity.snapId,
        'publisher-id': publisher.id,
        'snap-name': revoked ? '' : identity.name,
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
