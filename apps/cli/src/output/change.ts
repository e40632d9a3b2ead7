import type { ChangeRecord, ChangeView, Choice } from '../api/types.js';
import { shortChannel } from './overrides.js';
import { actorText, reasonText } from './reason.js';
import { fields, table } from './table.js';

/** What a signature is bound to, whole: each target, what it holds, what it shall hold, and the manifest that says what that is. */
export function recordText(record: ChangeRecord, digest: string): string {
  return `${fields(recordFields(record, digest))}\n${targetTable(record)}`;
}

function recordFields(record: ChangeRecord, digest: string): (readonly [string, string])[] {
  return [
    ['Change', record.id],
    ['Ring', record.ring],
    ['Author', record.author.name],
    ['Submitted', record.submittedAt],
    ['Reason', reasonText(record.reason)],
    ['Digest', `sha256:${digest}`],
  ];
}

function targetTable(record: ChangeRecord): string {
  return table(record.changes, [
    { header: 'Name', cell: (row) => row.name },
    { header: 'Channel', cell: ({ target }) => shortChannel(target.channel) },
    { header: 'Arch', cell: ({ target }) => target.architecture },
    { header: 'Old', cell: (row) => versionText(row.old) },
    { header: 'New', cell: (row) => versionText(row.new) },
    { header: 'Subject', cell: ({ target }) => `${target.format}:${target.subject}` },
    { header: 'Manifest', cell: (row) => row.new && `sha256:${row.new.manifest}` },
  ]);
}

/** A request as it stands, and its history. */
export function changeText(view: ChangeView): string {
  const { status, record, recordDigest: digest } = view;
  const captured = record !== null && digest !== null;
  const facts = captured ? recordFields(record, digest) : draftFields(view);
  const head = fields([...facts, ['Status', status]]);
  const targets = captured ? `${targetTable(record)}\n` : '';
  const failures = (view.failures ?? [])
    .map(({ code, message }) => `refused: ${code}: ${message}\n`)
    .join('');
  const history = table(view.history, [
    { header: 'Position', cell: (line) => line.position },
    { header: 'Time', cell: (line) => line.at },
    { header: 'By', cell: ({ actor }) => actorText(actor) },
    { header: 'Event', cell: (line) => line.type },
    { header: 'Why', cell: (line) => reasonText(line.reason) },
  ]);
  return `${head}\n${targets}${failures}${history}`;
}

function draftFields(view: ChangeView): (readonly [string, string])[] {
  return [
    ['Change', view.id],
    ['Ring', view.ring],
    ['Author', view.author.name],
    ['Reason', reasonText(view.reason)],
  ];
}

function versionText(choice: Choice | null): string {
  return choice?.version ?? 'upstream';
}
