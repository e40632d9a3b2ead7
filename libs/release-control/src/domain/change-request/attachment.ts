import { ReleaseControlError } from '../errors.js';
import { requireAuthorOf } from './require-author.js';
import { requirePerson } from './allowed.js';
import type { AttachFile } from './commands.js';
import type { Author, ChangeRequestEvent } from './events.js';
import { WITH_ITS_AUTHOR, type ChangeRequest } from './state.js';

/** A file as people name it, by what is in it. Its bytes stand beside the history (ADR 0041). */
export interface AttachedFile {
  readonly name: string;
  /** What whoever attached it says that it is; nothing is done by it. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256, hex. */
  readonly attachment: string;
  /** Hex. */
  readonly sha3_384: string;
}

/** A file that somebody attached to a request: never removed, nor changed. */
export interface Attachment extends AttachedFile {
  readonly by: Author;
  /** RFC 3339, UTC. */
  readonly at: string;
}

/** More belongs elsewhere. */
const MOST_ATTACHMENTS = 50;
/** So many of them by others: the rest is for the author, whose files are in the record that is signed. */
const MOST_OF_OTHERS = 40;
const LONGEST_NAME = 200;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/;

type Existing = Exclude<ChangeRequest, { status: 'none' }>;

/**
 * Whether a file may come, before it is taken: what is not handed in yet is its author's alone, since its files will be in the record that is signed; to what others decide on, anybody
 * who is signed in may add one, as a comment, which changes nothing that is signed.
 * @throws ReleaseControlError `no-such-change-request`, `not-the-author`, `invalid-attachment`, `too-many-attachments`
 */
export function requireAttachable(
  state: ChangeRequest,
  { name, mediaType }: Pick<AttachedFile, 'name' | 'mediaType'>,
  context: AttachFile['context'],
): Existing {
  if (state.status === 'none')
    throw new ReleaseControlError('no-such-change-request', 'there is no such change request');
  const person = requirePerson(context);
  if (WITH_ITS_AUTHOR.includes(state.status)) requireAuthorOf(state, person);
  if (!isName(name))
    throw invalid(
      `a file is called by 1 to ${LONGEST_NAME} characters, without control characters, slashes and blanks at its ends`,
    );
  if (!MEDIA_TYPE.test(mediaType))
    throw invalid(`${JSON.stringify(mediaType.slice(0, 200))} is no media type`);
  requirePlace(state, person.id);
  return state;
}

/** @throws ReleaseControlError as {@link requireAttachable}; `already-attached` */
export function attachment(command: AttachFile, state: ChangeRequest): ChangeRequestEvent {
  const { file, context } = command;
  const request = requireAttachable(state, file, context);
  const same = request.files.find((each) => each.attachment === file.attachment);
  if (same)
    throw new ReleaseControlError(
      'already-attached',
      `${request.id} has this file already, as ${JSON.stringify(same.name)} of ${same.by.name}`,
    );
  const { id, name } = requirePerson(context);
  return { type: 'AttachmentAdded', data: { ...file, by: { id, name }, at: context.at } };
}

/** @throws ReleaseControlError `too-many-attachments` */
function requirePlace({ id, author, files }: Existing, person: string): void {
  if (files.length >= MOST_ATTACHMENTS)
    throw new ReleaseControlError(
      'too-many-attachments',
      `${id} has ${MOST_ATTACHMENTS} attachments: no more are taken`,
    );
  if (person === author.id) return;
  if (files.filter(({ by }) => by.id !== author.id).length < MOST_OF_OTHERS) return;
  throw new ReleaseControlError(
    'too-many-attachments',
    `${id} has ${MOST_OF_OTHERS} attachments by others than its author, to whom the rest is kept: no more are taken`,
  );
}

/** What no file system, terminal or header takes for anything else. */
function isName(name: string): boolean {
  return (
    name.length >= 1 &&
    name.length <= LONGEST_NAME &&
    name.trim() === name &&
    !/[\p{C}\p{Zl}\p{Zp}/\\]/u.test(name) &&
    !/^\.+$/.test(name)
  );
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-attachment', message);
}
