import type { OverrideItem } from '../api/types.js';
import type { Invocation } from '../invocation.js';
import { decidedText, shortChannel } from '../output/overrides.js';
import { table } from '../output/table.js';
import type { Connection } from '../session/connection.js';

/** What a change request of these items would change; nothing is written anywhere. */
export async function previewItems(
  invocation: Invocation<{ readonly ring: string }>,
  { control }: Connection,
  items: readonly OverrideItem[],
): Promise<void> {
  const { lines } = await control.previewOverrides({ ring: invocation.options.ring, items: [...items] });
  invocation.result(lines, () =>
    table(lines, [
      { header: 'Name', cell: (line) => line.name },
      { header: 'Channel', cell: (line) => shortChannel(line.channel) },
      { header: 'Arch', cell: (line) => line.architecture },
      { header: 'Old', cell: (line) => decidedText(line.old) },
      { header: 'New', cell: (line) => decidedText(line.new) },
    ]),
  );
  if (invocation.options.format === 'table') {
    invocation.say(
      'Nothing was written. Whether a revision exists, and for which architectures, is found out when it is captured.',
    );
  }
}
