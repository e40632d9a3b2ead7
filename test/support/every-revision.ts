import type { CapturePort } from '#release-control/reactors/capture-submitted-change/capture-port';

/** An upstream that has every revision of every snap, for amd64; nothing is fetched, and no version differs from another. */
export const everyRevision: CapturePort = {
  capture: async ({ format, name, channel, version }) => [
    {
      target: {
        format,
        subject: `id-of-${name}`,
        channel: channel.includes('/') ? channel : `latest/${channel}`,
        architecture: 'amd64',
      },
      name,
      version,
      manifest: version.padStart(64, '0'),
    },
  ],
  compare: async () => ({ lines: [], marks: [] }),
  mayMean: (_format, asked, channel) => channel.endsWith(asked),
  identify: async (format, name) => ({ format, subject: `id-of-${name}` }),
};
