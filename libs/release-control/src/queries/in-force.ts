import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { fullChannel, namesTrack, parseChannel } from '#snap';
import type { OverrideItem } from '../domain/change-request/change-item.js';
import { ListOverrides, type OverrideLine } from './list-overrides/query.js';
import { ListTrackedChannels, type TrackedChannel } from './tracked-channels.js';

/** What devices get where an item is for, by one architecture: what the ring holds, else what upstream decides. */
export type InForceLine = { readonly item: OverrideItem } & (
  { readonly held: OverrideLine } | { readonly held: undefined; readonly tracked: TrackedChannel }
);

@Injectable()
export class InForce {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  /** For each item, in their order, what is held on its channel; where nothing is, what upstream had there at the last look. Items of snaps. */
  async of(ring: string, items: readonly OverrideItem[]): Promise<readonly InForceLine[]> {
    const names = items.map(({ name }) => name);
    const { overrides } = await this.queries.execute(new ListOverrides({ ring, names }));
    const held = byName(overrides);
    const lines = items.map((item) => {
      return { item, held: (held.get(item.name) ?? []).filter((line) => isOn(line, item)) };
    });
    const free = lines.filter((line) => line.held.length === 0).map(({ item }) => item);
    // Once each, though items for two architectures name one twice.
    const asked = new Map(
      free.map(({ name, channel }) => {
        return [`${name} ${channel}`, { name, channel, full: fullChannel(parseChannel(channel)) }];
      }),
    );
    const tracked = byName(await this.queries.execute(new ListTrackedChannels([...asked.values()])));
    return lines.flatMap(({ item, held: holding }): InForceLine[] => [
      ...holding.map((line) => ({ item, held: line })),
      ...(tracked.get(item.name) ?? [])
        .filter((line) => line.channel === item.channel && isForItem(line, item))
        .map((line) => ({ item, held: undefined, tracked: line })),
    ]);
  }
}

/** A ring has thousands of lines, and as many may be asked for. */
function byName<Line extends { readonly name: string }>(
  lines: readonly Line[],
): ReadonlyMap<string, readonly Line[]> {
  return Map.groupBy(lines, ({ name }) => name);
}

/** A risk without a track may be held on whichever track it was resolved to. */
function isOn(line: OverrideLine, { name, channel, architecture }: OverrideItem): boolean {
  if (architecture !== undefined && line.architecture !== architecture) return false;
  if (line.format !== 'snap' || line.name !== name) return false;
  const asked = parseChannel(channel);
  const { track } = parseChannel(line.channel);
  return line.channel === fullChannel(namesTrack(channel) ? asked : { ...asked, track });
}

/** What nobody has looked at has no architecture yet. */
function isForItem(line: TrackedChannel, { architecture }: OverrideItem): boolean {
  return architecture === undefined || line.architecture === null || line.architecture === architecture;
}
