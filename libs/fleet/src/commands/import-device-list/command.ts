import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { Cursor } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { deviceList, deviceListStream, type ListVersion } from '../../domain/device-list/device-list.js';
import { FleetError } from '../../errors.js';

export interface ImportedList extends Pick<ListVersion, 'version' | 'digest' | 'count'> {
  readonly list: string;
  readonly cursor: Cursor | null;
}

/** A list of devices, whole, in the place of what it was. */
export class ImportDeviceList extends Command<ImportedList> {
  constructor(
    readonly list: string,
    readonly devices: readonly string[],
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(ImportDeviceList)
export class ImportDeviceListHandler implements ICommandHandler<ImportDeviceList> {
  constructor(@Inject(STREAM_WRITER) private readonly writer: StreamWriter) {}

  async execute({ list, devices, context }: ImportDeviceList): Promise<ImportedList> {
    const command = { type: 'ImportDeviceList', list, devices, context } as const;
    const { state, cursor } = await this.writer.decideAndAppend(deviceList, deviceListStream(list), command);
    const newest = state.at(-1);
    if (!newest) throw new FleetError('no-such-device-list', `there is no list ${list}`);
    const { version, digest, count } = newest;
    return { list, version, digest, count, cursor };
  }
}
