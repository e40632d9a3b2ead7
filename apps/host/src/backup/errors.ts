import { CodedError } from '#kernel';

export type BackupErrorCode =
  /** Nobody was named who may read the secrets, or somebody who cannot be one. */
  | 'no-recipient'
  | 'bad-recipient'
  /** The identity file holds no identity, or none that these secrets were encrypted to. */
  | 'bad-identity'
  | 'wrong-identity'
  /** The folder holds something else, or a backup that never came to its end. */
  | 'no-backup'
  /** A file is not the one that the manifest names, or the manifest is not signed by the site. */
  | 'backup-damaged'
  /** The folder's backup is of another site, or of a later state of this one. */
  | 'other-site'
  | 'backup-ahead'
  /** The backup is complete, but the site had lost blobs that its history names. */
  | 'blob-missing'
  /** What is to be backed up is not in order: database and ledger disagree, or an event is not what its bytes say. */
  | 'history-differs'
  /** Where it is to be restored, there is something already. */
  | 'not-empty'
  /** The site kept its ledger or blobs elsewhere than this command would put them. */
  | 'settings-differ'
  /** A restore was begun here and has not come to its end. */
  | 'restore-unfinished'
  /** The kept checkpoint is of a later state than what can be restored. */
  | 'rolled-back'
  /** A backup or ledger of another release, or what this release cannot do. */
  | 'not-supported';

/** What the host's backup and restore refuse. */
export class BackupError extends CodedError<BackupErrorCode> {
  override readonly name = 'BackupError';

  /** As docs/reference/exit-codes.md has them. */
  get exitCode(): 1 | 2 | 5 | 6 {
    return EXIT_OF[this.code];
  }
}

const EXIT_OF: Readonly<Record<BackupErrorCode, 1 | 2 | 5 | 6>> = {
  'no-recipient': 2,
  'bad-recipient': 2,
  'bad-identity': 2,
  'settings-differ': 2,
  'wrong-identity': 5,
  'no-backup': 6,
  'backup-damaged': 6,
  'blob-missing': 6,
  'other-site': 5,
  'backup-ahead': 5,
  'history-differs': 6,
  'not-empty': 5,
  'restore-unfinished': 5,
  'rolled-back': 5,
  'not-supported': 1,
};
