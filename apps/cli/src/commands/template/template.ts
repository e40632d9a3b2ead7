import type { Command } from 'commander';
import type { GrantedTemplate } from '../../api/template-types.js';
import type { Cli } from '../../cli.js';
import { readAll, readTextFile, withPassword, type PasswordOptions } from '../../input/password.js';
import { reasonOf, withReason, type ReasonOptions } from '../../input/reason.js';
import { withRequestOptions } from '../../input/request-options.js';
import { Invocation } from '../../invocation.js';
import { table } from '../../output/table.js';
import { readTemplateFile } from '../../policy/read-template.js';
import { templateText, writeTemplateFile } from '../../policy/template-text.js';
import { submitItems, type SubmitOptions } from '../submit-items.js';
import { signUse, templateCalled } from './use.js';
import { recordId } from '../../input/record-id.js';

interface InRing {
  readonly ring: string;
}

/** Standard changes: approved once, by a template with limits. */
export function addTemplate(program: Command, cli: Cli): void {
  const template = program
    .command('template')
    .description(
      'standard changes: what is approved once, so that each use within its limits needs no further approval',
    );
  addList(template, cli);
  addShow(template, cli);
  addPropose(template, cli);
  addWithdraw(template, cli);
  addUse(template, cli);
}

function inRing(command: Command): Command {
  return command.option('--ring <ring>', 'the ring whose template it is', 'default');
}

function addList(parent: Command, cli: Cli): void {
  const list = parent.command('list').description('the templates of a ring that were not withdrawn');
  inRing(list).action(async (_options: unknown, command: Command) => {
    const invocation = new Invocation<InRing>(cli, command);
    const { control } = await invocation.connect();
    const page = await control.templates.list(invocation.options.ring);
    invocation.result(page, () => templatesTable(page.templates));
    if (page.templates.length === 0) invocation.say(`Ring ${page.ring} has no template.`);
  });
}

function templatesTable(templates: readonly GrantedTemplate[]): string {
  return table(templates, [
    { header: 'Template', cell: ({ name, version }) => `${name}@${version}` },
    { header: 'Until', cell: ({ template, ended }) => `${template.until}${ended ? ' (ended)' : ''}` },
    {
      header: 'Used',
      cell: ({ used, template: { uses } }) => `${used} of ${uses.most} in ${uses.days} days`,
    },
    { header: 'Approved in', cell: ({ changeRequest }) => changeRequest },
    { header: 'By', cell: ({ approvedBy }) => approvedBy.map(({ name }) => name).join(', ') },
    { header: 'Limits', cell: ({ template }) => templateText(template) },
  ]);
}

function addShow(parent: Command, cli: Cli): void {
  const show = parent
    .command('show')
    .description('what is in force, as the file that "template propose" takes')
    .argument('<name>', 'such as standard-fw');
  inRing(show).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<InRing>(cli, command);
    const found = await templateCalled(await invocation.connect(), invocation.options.ring, name);
    invocation.result(found, () => writeTemplateFile(found));
    if (found.ended) invocation.say(`It ended at ${found.template.until}.`);
  });
}

function addPropose(parent: Command, cli: Cli): void {
  const propose = parent
    .command('propose')
    .description('ask that a standard change is approved by a template: submits a change request')
    .requiredOption('--file <file>', 'YAML: its name, its limits and its end; - for standard input')
    .requiredOption('--ring <ring>', 'the ring that it is to be of');
  withReason(withRequestOptions(propose)).action(async (_options: unknown, command: Command) => {
    const invocation = new Invocation<SubmitOptions & { readonly file: string }>(cli, command);
    const { file } = invocation.options;
    const template =
      file === '-'
        ? readTemplateFile(await readAll(cli), 'standard input')
        : readTemplateFile(await readTextFile(file), file);
    await submitItems(invocation, [{ kind: 'template', template }], invocation.options);
  });
}

function addWithdraw(parent: Command, cli: Cli): void {
  const withdraw = parent
    .command('withdraw')
    .description(
      'take a template away, at once, as one who signs in its ring: to have it back takes an approval',
    )
    .argument('<name>', 'such as standard-fw');
  inRing(withReason(withdraw)).action(async (name: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<InRing & ReasonOptions>(cli, command);
    const connection = await invocation.connect();
    const { ring } = invocation.options;
    const withdrawn = await connection.control.templates.withdraw(ring, name, reasonOf(invocation.options));
    await connection.remember(withdrawn.cursor);
    invocation.result(withdrawn, () => `${name}@${withdrawn.version} is withdrawn in ring ${ring}\n`);
    invocation.say(
      'What was signed under it and is not in force waits for the ring’s ordinary signatures once it is to begin.',
    );
  });
}

function addUse(parent: Command, cli: Cli): void {
  const use = parent
    .command('use')
    .description('sign a draft that names a template, and hand it in: what "override --template" does, later')
    .argument('<id>', 'of the draft, such as CR-2026-0042', recordId);
  withPassword(withReason(use)).action(async (id: string, _options: unknown, command: Command) => {
    const invocation = new Invocation<ReasonOptions & PasswordOptions>(cli, command);
    await signUse(invocation, await invocation.connect(), id, invocation.options);
  });
}
