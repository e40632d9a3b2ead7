import type { RefreshContext } from '#snap';
import type { InstalledSnap } from '#fleet/published';

/** What a device has, as the context of its request says it (protocol page 4.1): every store snap, whatever the actions ask. */
export function installedSnaps(context: readonly RefreshContext[]): readonly InstalledSnap[] {
  return context.map((item) => {
    const { 'snap-id': snapId, 'instance-key': key, revision } = item;
    const instance = key.startsWith(`${snapId}:`) ? key.slice(snapId.length + 1) : key;
    return {
      snapId,
      instance: key === snapId ? null : instance,
      revision,
      channel: item['tracking-channel'] || 'stable',
      cohort: (item['cohort-key'] ?? '') !== '',
    };
  });
}
