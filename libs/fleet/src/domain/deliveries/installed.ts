/** A store snap that a device has, as its refresh request says it. What was side-loaded, snapd does not report. */
export type InstalledSnap = {
  readonly snapId: string;
  /** Of a parallel instance, what its key says after the snap-id; null for the snap itself. */
  readonly instance: string | null;
  readonly revision: number;
  /** The channel that it tracks, in the device's words; `stable` where it says none. */
  readonly channel: string;
  /** Whether it follows a cohort, which may have another revision than the channel. */
  readonly cohort: boolean;
};

/** A record names so many, so that it fits into an event: no device is known to have as many. */
export const MOST_INSTALLED = 200;

/** What a record takes of each. None holds a character that JSON escapes: their length is their size. */
export const INSTALLED_FORMS = {
  snapId: /^[A-Za-z0-9]{1,40}$/,
  instance: /^[A-Za-z0-9_.-]{1,40}$/,
  channel: /^[A-Za-z0-9._+/-]{1,100}$/,
  architecture: /^[a-z0-9]{2,16}$/,
  /** SHA-256, hex. */
  report: /^[0-9a-f]{64}$/,
} as const;

/** Whether a record can name it. */
export function isRecordable({ snapId, instance, channel }: InstalledSnap): boolean {
  return (
    INSTALLED_FORMS.snapId.test(snapId) &&
    (instance === null || INSTALLED_FORMS.instance.test(instance)) &&
    INSTALLED_FORMS.channel.test(channel)
  );
}
