import { fullChannel } from '../catalogue/channel-name.js';
import { ARCHITECTURES } from '../catalogue/snap.js';
import { SandboxError } from '../sandbox-error.js';
import type { Change } from './change.js';
import { Fields } from './fields.js';

/** Images are held in memory. */
const LARGEST_PAYLOAD = 256 * 1024 * 1024;

/**
 * A change from a request's body or the journal. `at` only counts in the journal.
 * @throws SandboxError `bad-request`, saying which field
 */
export function parseChange(kind: Change['kind'], body: unknown, now?: string): Change {
  const fields = new Fields(body);
  const at = now ?? fields.text('at');
  const snap = fields.text('snap');
  switch (kind) {
    case 'release': {
      const channel = fullChannel(fields.text('channel'));
      const revision = fields.isNull('revision') ? null : fields.revision('revision');
      const architecture = fields.optionalText('architecture');
      checkArchitectures(architecture === undefined ? [] : [architecture]);
      return { kind, at, snap, channel, revision, ...(architecture === undefined ? {} : { architecture }) };
    }
    case 'revision': {
      const architectures = fields.optionalTexts('architectures') ?? ['all'];
      if (architectures.join() !== 'all') checkArchitectures(architectures);
      const version = fields.text('version');
      const payloadBytes = fields.optionalBytes('payloadBytes', LARGEST_PAYLOAD);
      const revision = fields.revision('revision');
      return { kind, at, snap, revision, version, architectures, ...(payloadBytes ? { payloadBytes } : {}) };
    }
    case 'withdrawal':
      return { kind, at, snap, revision: fields.revision('revision') };
    case 'declaration': {
      const publisher = fields.optionalText('publisher');
      if (publisher !== undefined && !/^[a-zA-Z0-9]{32}$/.test(publisher))
        throw new SandboxError(
          'bad-request',
          'publisher must be the id of an account: 32 letters and digits',
        );
      return { kind, at, snap, revoked: fields.isTrue('revoked'), ...(publisher ? { publisher } : {}) };
    }
    case 'default-track':
      return { kind, at, snap, track: fields.isNull('track') ? null : fields.text('track') };
  }
}

function checkArchitectures(architectures: readonly string[]): void {
  const known: readonly string[] = ARCHITECTURES;
  for (const each of architectures) {
    if (!known.includes(each))
      throw new SandboxError('bad-request', `${each} is no architecture of this store`);
  }
}
