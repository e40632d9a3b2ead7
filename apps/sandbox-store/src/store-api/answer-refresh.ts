import { fullChannel, namesTrack, shortChannel } from '../catalogue/channel-name.js';
import { runsOn } from '../catalogue/snap.js';
import type { SnapShelf } from '../catalogue/snap-shelf.js';
import type { Sandbox } from '../sandbox.js';
import { answerFetchAssertions } from './answer-fetch-assertions.js';
import type { SnapAction } from './refresh-actions.js';
import type { RefreshRequest } from './refresh-request.js';
import { snapObject, type JsonObject, type Rendering } from './snap-object.js';

/** Which revision an action gets, and which channel that was. */
interface Choice {
  readonly revision: number;
  readonly channel: string;
  readonly at?: string;
}

/** The results of `POST /v2/snaps/refresh`, one for each action in its order (protocol page §4.2 to §4.5). */
export function answerRefresh(
  sandbox: Sandbox,
  request: RefreshRequest,
  architecture: string,
  rendering: Rendering,
): JsonObject {
  const results = request.actions.map((action) =>
    action.kind === 'fetch-assertions'
      ? answerFetchAssertions(sandbox.assertions, action, rendering.origin)
      : answerAction(sandbox, action, request, architecture, rendering),
  );
  return { results, 'error-list': [] };
}

function answerAction(
  sandbox: Sandbox,
  action: SnapAction,
  { installed, fields }: RefreshRequest,
  architecture: string,
  rendering: Rendering,
): JsonObject {
  const shelf =
    action.snapId === undefined ? sandbox.named(action.name ?? '') : sandbox.withId(action.snapId);
  if (shelf === undefined) return notFound(action);
  const asked = action.channel ?? installed.get(action.instanceKey)?.channel ?? 'stable';
  const redirects = action.kind !== 'refresh' && shelf.defaultTrack !== null && !namesTrack(asked);
  const channel = fullChannel(asked, redirects ? (shelf.defaultTrack ?? 'latest') : 'latest');
  const choice = choose(shelf, action, channel, architecture);
  const revision = choice && shelf.find(choice.revision);
  const has = installed.get(action.instanceKey)?.revision;
  const echo = {
    'instance-key': action.instanceKey,
    'snap-id': shelf.identity.snapId,
    name: shelf.identity.name,
  };
  if (choice === undefined || revision === undefined) {
    return { result: 'error', ...echo, error: revisionNotFound(shelf, action) };
  }
  return {
    result: action.kind,
    ...echo,
    'effective-channel': shortChannel(choice.channel),
    ...(redirects && action.revision === undefined ? { 'redirect-channel': channel } : {}),
    ...(choice.at === undefined ? {} : { 'released-at': choice.at }),
    snap: snapObject(shelf, revision, { ...rendering, has }, fields),
  };
}

/** By revision: whatever was ever built for the architecture. By channel: what is released there, or in a stabler one. */
function choose(
  shelf: SnapShelf,
  action: SnapAction,
  channel: string,
  architecture: string,
): Choice | undefined {
  if (action.revision === undefined) return shelf.channels.resolve(channel, architecture);
  const revision = shelf.find(action.revision);
  if (revision === undefined || !runsOn(revision, architecture)) return undefined;
  return {
    revision: revision.number,
    channel: shelf.channels.channelOf(revision.number, architecture) ?? channel,
  };
}

function notFound(action: SnapAction): JsonObject {
  const named = {
    ...(action.snapId && { 'snap-id': action.snapId }),
    ...(action.name && { name: action.name }),
  };
  const error =
    action.snapId === undefined
      ? { code: 'name-not-found', message: `No snap named '${action.name ?? ''}' found in series '16'.` }
      : { code: 'id-not-found', message: `No snap with id '${action.snapId}' found in series '16'.` };
  return { result: 'error', 'instance-key': action.instanceKey, ...named, error };
}

/** snapd tells its user where the snap is to be had, from `releases`; for an explicit revision it wants none. */
function revisionNotFound(shelf: SnapShelf, action: SnapAction): JsonObject {
  const message = 'No revision was found in the store.';
  if (action.revision !== undefined) return { code: 'revision-not-found', message };
  const releases = shelf.channels
    .all()
    .map(({ architecture, channel }) => ({ architecture, channel: shortChannel(channel) }));
  return { code: 'revision-not-found', message, extra: { releases } };
}
