import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import type { Cli } from '../../cli.js';
import { CliError } from '../../cli-error.js';
import type { ChangeView } from '../../api/types.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { Invocation } from '../../invocation.js';
import { attachmentsText } from '../../output/attachments.js';
import { mediaTypeOf } from '../../input/media-type.js';
import { recordId } from '../../input/record-id.js';

export function addAttach(change: Command, cli: Cli): void {
  const attach = change
    .command('attach')
    .description(
      'add a file to a request: to a draft of yours it is signed with it, later it is a comment. It is never removed',
    )
    .argument('<id>', 'such as CR-2026-0042', recordId)
    .argument('<file>', 'its path')
    .option('--as <name>', 'what it is called there, instead of its own name')
    .option('--media-type <type>', 'what it is, such as application/pdf, instead of what its name ends with');
  withReason(attach).action(async (id: string, file: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions & { readonly as?: string; readonly mediaType?: string }>(
      cli,
      command,
    );
    const { options } = invocation;
    const facts = await factsOf(file);
    const connection = await invocation.connect();
    const outcome = await connection.attachments.attach(id, {
      path: file,
      name: options.as ?? path.basename(file),
      mediaType: options.mediaType ?? mediaTypeOf(file),
      reason: reasonOf(options),
      ...facts,
    });
    await connection.remember(outcome.cursor);
    invocation.result(outcome, () => `${outcome.id} ${outcome.status}\nsha256:${outcome.sha256}\n`);
  });
}

export function addAttachments(change: Command, cli: Cli): void {
  change
    .command('attachments')
    .description('the files of a request: which are signed with it, and which came later')
    .argument('<id>', 'such as CR-2026-0042', recordId)
    .action(async (id: string, _options: unknown, command: Command) => {
      const invocation = new Invocation(cli, command);
      const { control } = await invocation.connect();
      const { attachments = [] } = await control.change(id);
      invocation.result({ attachments }, () => attachmentsText(attachments));
    });
}

export function addAttachment(change: Command, cli: Cli): void {
  change
    .command('attachment')
    .description('one file of a request')
    .command('get')
    .description('fetch it, and compare what comes with the digest in the record')
    .argument('<id>', 'such as CR-2026-0042', recordId)
    .argument('<file>', 'its name, or its SHA-256')
    .addOption(
      new Option('--output <file>', 'where to write it; nothing is written over').makeOptionMandatory(),
    )
    .action(async (id: string, file: string, _options: unknown, command: Command) => {
      const invocation = new Invocation<{ readonly output: string }>(cli, command);
      const { control, attachments } = await invocation.connect();
      const { attachment: sha256, name, size } = named(await control.change(id), file);
      const { output } = invocation.options;
      await keep(output, sha256, await attachments.open(id, sha256));
      invocation.result({ name, sha256, size, output }, () => `${output} sha256:${sha256}\n`);
    });
}

/** @throws CliError `usage` for none, and for more than one of that name */
function named({ id, attachments = [] }: ChangeView, file: string) {
  const found = attachments.filter(
    ({ name, attachment }) => name === file || attachment === file.replace(/^sha256:/, ''),
  );
  const [one, ...others] = found;
  if (one && others.length === 0) return one;
  const what = one ? 'more than one attachment' : 'no attachment';
  throw new CliError(
    'usage',
    `${id} has ${what} ${JSON.stringify(file)}: "holdfast change attachments ${id}" lists them; give the SHA-256`,
  );
}

/** Under its name only once it is whole, and what the record says. @throws CliError `usage` for a file that is there; `unexpected-answer` */
async function keep(output: string, sha256: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  if (await stat(output).catch(() => undefined))
    throw new CliError('usage', `${output} is there already: give another name with --output`);
  const partial = `${output}.part`;
  const file = await open(partial, 'wx', 0o600).catch((cause: unknown) => {
    throw new CliError('usage', `${partial} cannot be written`, { cause });
  });
  try {
    const hash = createHash('sha256');
    for await (const bytes of content) {
      hash.update(bytes);
      await file.writeFile(bytes);
    }
    if (hash.digest('hex') !== sha256)
      throw new CliError('unexpected-answer', `what came is not the attachment sha256:${sha256}`);
    await rename(partial, output);
  } finally {
    await file.close();
    await rm(partial, { force: true });
  }
}

async function factsOf(file: string): Promise<{ readonly sha256: string; readonly size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const bytes of createReadStream(file) as AsyncIterable<Buffer>) {
      hash.update(bytes);
      size += bytes.length;
    }
  } catch (cause) {
    throw new CliError('usage', `${file} cannot be read`, { cause });
  }
  return { sha256: hash.digest('hex'), size };
}
