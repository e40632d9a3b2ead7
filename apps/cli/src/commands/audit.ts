import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { given } from '../api/given.js';
import type { Cli } from '../cli.js';
import { parseCount } from '../input/count.js';
import { streamOfRecord } from '../input/record-id.js';
import { Invocation } from '../invocation.js';
import { table } from '../output/table.js';
import { homeFolder } from '../session/home.js';
import { TRAIL_COLUMNS } from '../trail/columns.js';
import { CopyCheck } from '../trail/copy-check.js';
import { writeBundle } from '../trail/write-bundle.js';
import { COPY_FORMS, writeCopy, type CopyForm } from '../trail/write-copy.js';
import { trustedKey, type KeyOptions } from '../verify/trusted-key.js';

interface Filter {
  readonly after?: string;
  readonly actor?: string;
  readonly type?: string;
  readonly stream?: string;
  readonly reasonCode?: string;
  readonly reasonText?: string;
  readonly ticket?: string;
  readonly from?: string;
  readonly to?: string;
}

interface ListOptions extends Filter {
  readonly limit?: number;
  readonly newestFirst?: true;
}

interface BundleOptions extends KeyOptions {
  readonly unrecorded?: true;
  readonly ledger?: string;
}

interface ExportOptions extends Filter {
  readonly out: string;
  readonly as: CopyForm;
}

export function addAudit(program: Command, cli: Cli): void {
  const audit = program.command('audit').description('the record of everything that happened');
  addFilter(audit.command('list').description('events, with who, what, when and why'))
    .option('--limit <count>', 'at most so many', parseCount)
    .option('--newest-first', 'the newest first, and not the oldest')
    .action(async (_options: unknown, command: Command) => {
      const invocation = new Invocation<ListOptions>(cli, command);
      const { control } = await invocation.connect();
      const { limit, newestFirst } = invocation.options;
      const { after, ...filter } = asked(invocation.options);
      const order = newestFirst && 'newest';
      const page = await control.audit({ after, limit, order, ...filter });
      invocation.result(page.events, () => table(page.events, TRAIL_COLUMNS));
      if (page.next) invocation.say(`There is more: --after ${page.next}`);
    });
  addFilter(
    audit
      .command('export')
      .description(
        'a copy of the record into a file, all of it or what is searched for, without a limit, checked',
      )
      .requiredOption('--out <file>', 'the file to write; one that is there already stays')
      .addOption(
        new Option('--as <form>', 'for programs: jsonl or csv; for people: csv or pdf')
          .choices(COPY_FORMS)
          .default('jsonl'),
      ),
  ).action(async (_options: unknown, command: Command) => {
    const invocation = new Invocation<ExportOptions>(cli, command);
    const { out, as: form } = invocation.options;
    const { control } = await invocation.connect();
    const { site } = await control.status();
    const filter = asked(invocation.options);
    const check = new CopyCheck();
    const rows = check.rows(control.exportedTrail({ ...filter, as: form === 'jsonl' ? undefined : form }));
    const facts = { site: site.origin, filter: Object.entries(given(filter)) };
    await writeCopy(out, form, facts, { check, rows });
    const { count, root } = check.end;
    invocation.result({ file: out, events: count, root }, () => `${out}: ${count} events\n`);
  });
  addBundle(audit, cli);
}

function addBundle(audit: Command, cli: Cli): void {
  audit
    .command('bundle')
    .description(
      'the whole sealed record into a folder that is read without Holdfast: the ledger, verified, its public key, and a program in Python that reads and checks it',
    )
    .argument('<folder>', 'a new one, that it is written into')
    .option('--ledger <folder>', "the ledger's files (default: those of HOLDFAST_HOME)")
    .addOption(new Option('--vkey <vkey>', 'the public key that must have sealed it').conflicts('vkeyFile'))
    .option('--vkey-file <file>', 'the same, from a file (default: that of HOLDFAST_HOME)')
    .option(
      '--unrecorded',
      'without a server, which is down or gone: that it was made is then not in the record',
    )
    .action(async (folder: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<BundleOptions>(cli, command);
      const { ledger = join(homeFolder(cli.env), 'ledger') } = invocation.options;
      const { verifier } = await trustedKey(cli, invocation.options);
      if (invocation.options.unrecorded !== true)
        await (await invocation.connect()).control.noteCopy({ of: 'bundle' });
      const { origin, size, root } = await writeBundle(ledger, folder, verifier);
      const result = { folder, origin, events: String(size), root: root.toString('base64') };
      invocation.result(result, () => `${folder}: ${size} events of ${origin}\n`);
    });
}

function addFilter(command: Command): Command {
  return command
    .option('--after <position>', 'what follows this position in the list')
    .option('--actor <person>', 'by this person or service')
    .option('--type <type>', 'of this type, such as ChangeApproved')
    .option(
      '--stream <stream>',
      'of this record, such as CR-2026-0042, TR-0007 or release-policy/pilot',
      streamOfRecord,
    )
    .option('--reason-code <code>', 'done for this kind of reason')
    .option('--reason-text <words>', 'with these words in the text of the reason, whatever the case')
    .option('--ticket <ticket>', 'whose reason, or which itself, names this ticket')
    .option('--from <time>', 'not before this time (RFC 3339)')
    .option('--to <time>', 'before this time');
}

function asked({ reasonCode: reason, reasonText: text, ...rest }: Filter) {
  const { after, actor, type, stream, ticket, from, to } = rest;
  return { after, actor, type, stream, reason, text, ticket, from, to };
}
