import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { RECORD_COPIES_STREAM, recordCopies, type CopyForm } from '../../domain/record-copies.js';
import { whereOf, type AuditFilter } from '../../queries/audit-filter.js';
import { exportLines, type ExportedRow } from './export-lines.js';

/** Rows held in memory at a time: an event may have 64 KiB. */
const AT_ONCE = 200;

/**
 * The trail as a copy, in the order in which it was written, as lines of text: all of it that there is at the moment of asking. Who took it, and what it may have, is
 * in the history before its first line is.
 */
export class CopyRecord extends Command<AsyncIterable<string>> {
  constructor(
    readonly filter: AuditFilter,
    readonly form: CopyForm,
    readonly context: CommandContext,
  ) {
    super();
  }
}

@CommandHandler(CopyRecord)
export class CopyRecordHandler implements ICommandHandler<CopyRecord> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly writer: StreamWriter,
  ) {}

  async execute({ filter, form, context }: CopyRecord): Promise<AsyncIterable<string>> {
    const [head] = await this.readModels.query<{ last: string | null }>(
      'select max(position)::text as last from read.audit_trail_v1',
    );
    const last = head?.last ?? '-1';
    // Before anything was sent, so that what is refused is refused as every other request is.
    const first = await this.page(filter, last);
    await this.writer.decideAndAppend(recordCopies, RECORD_COPIES_STREAM, {
      type: 'CopyRecord',
      form,
      filter: givenIn(filter),
      through: head?.last ?? null,
      context,
    });
    return exportLines(this.pages(first, filter, last), isWhole(filter));
  }

  private async *pages(
    first: readonly ExportedRow[],
    filter: AuditFilter,
    last: string,
  ): AsyncGenerator<readonly ExportedRow[]> {
    for (let page = first; ;) {
      yield page;
      const end = page.at(-1);
      if (!end || page.length < AT_ONCE) return;
      page = await this.page({ ...filter, after: end.position }, last);
    }
  }

  private page(filter: AuditFilter, last: string): Promise<ExportedRow[]> {
    const { conditions, values } = whereOf(filter);
    const where = [...conditions, `position <= $${values.length + 1}::bigint`].join(' and ');
    return this.readModels.query<ExportedRow>(
      `select position::text as position, sha256, body::text as event from read.audit_trail_v1
       where ${where} order by read.audit_trail_v1.position limit ${AT_ONCE}`,
      [...values, last],
    );
  }
}

/** Whether nothing is left out: then the rows are the leaves of a tree. */
function isWhole(filter: AuditFilter): boolean {
  return Object.keys(givenIn(filter)).length === 0;
}

function givenIn(filter: AuditFilter): Readonly<Record<string, string>> {
  const members: readonly (readonly [string, string | undefined])[] = Object.entries(filter);
  return Object.fromEntries(
    members.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
