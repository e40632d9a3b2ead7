import { inParts, split, type CommandContext } from '#kernel';
import { ReleaseControlError } from '../errors.js';
import { requireExecutor } from '../executor.js';
import { requireReason } from '../reason.js';
import { refText } from '../template/template.js';
import { allowed, requirePerson } from './allowed.js';
import { attachment } from './attachment.js';
import { authoring, requireNoAuthorSignature } from './authored.js';
import { distinct, problemWith } from './captured-changes.js';
import { type ChangeRequestCommand, type DraftChange, type ReportCapture } from './commands.js';
import { release } from './emergency.js';
import type { CaptureFailure, ChangeRequestEvent } from './events.js';
import { expire, recall, start } from './in-time.js';
import { handOver } from './hand-over.js';
import { checkItems } from './items.js';
import { requireAuthor, requireAuthorIn, requireAuthorOf } from './require-author.js';
import { comment, revision, supersession } from './revise.js';
import { ticketReport } from './report-ticket.js';
import { checkTicket } from './ticket.js';
import { ratification, refusal } from './ratify.js';
import { digestOf } from './record.js';
import { checkStages, ringsOf } from './plan.js';
import { approval, rejection, review, stageReviewed, stageSignature } from './sign.js';
import { firstStageApplied, recallStages, stageApplied, startStage, stopStages } from './stages.js';
import { afterCapture, checkStandardChange, useOfTemplate, voidUse } from './use-template.js';
import { closing, stageVerification, verification } from './verify.js';
import { checkWindow } from './window.js';
import { wasApplied, type ChangeRequest } from './state.js';

/**
 * The rules of change control. Which command is allowed in which status is in life-cycle.ts.
 * A report by the worker that comes twice, or too late, yields no events: reactors run again after a crash.
 *
 * @throws ReleaseControlError for every refusal
 */
export function decide(command: ChangeRequestCommand, state: ChangeRequest): readonly ChangeRequestEvent[] {
  requireReason(command.context);
  requireExecutor(command);
  switch (command.type) {
    case 'DraftChange':
      return draft(command, state);
    case 'SubmitChange': {
      const drafted = allowed(state, command.type);
      const author = requireAuthor(command.context);
      requireAuthorOf(drafted, author);
      for (const ring of ringsOf(drafted)) requireAuthorIn(ring, author);
      if (drafted.template !== undefined)
        throw new ReleaseControlError(
          'not-a-standard-change',
          `${drafted.id} is to take effect by template ${refText(drafted.template)}: its author hands it in by signing it; without the template, revise it`,
        );
      return [...authoring(command, drafted), submitted(drafted.submission + 1, command.context)];
    }
    case 'UseTemplate': {
      const signed = useOfTemplate(command, state);
      const { submission } = allowed(state, command.type);
      return [signed, submitted(submission + 1, command.context)];
    }
    case 'ReportCapture': {
      if (!awaitsCapture(state, command.submission)) return [];
      return captured(command, state);
    }
    case 'RefuseCapture': {
      if (!awaitsCapture(state, command.submission)) return [];
      return [refused(command.submission, command.failures, command.untried)];
    }
    case 'ApproveChange':
      return [approval(command, state)];
    case 'ReviewChange':
      return [review(command, state)];
    case 'RejectChange':
      return [rejection(command, state)];
    case 'ReleaseEmergency':
      return [release(command, state)];
    case 'RatifyEmergency':
      return [ratification(command, state)];
    case 'RefuseRatification':
      return [refusal(command, state)];
    case 'WithdrawChange': {
      const open = allowed(state, command.type);
      requireAuthorOf(open, requirePerson(command.context));
      return [{ type: 'ChangeWithdrawn', data: { from: open.status } }];
    }
    case 'ReviseChange': {
      const revised = revision(command, state);
      const { submission } = allowed(state, command.type);
      if (command.submit) requireNoAuthorSignature(command.policies ?? []);
      return command.submit ? [...revised, submitted(submission + 1, command.context)] : revised;
    }
    case 'SupersedeChange':
      return supersession(command, state);
    case 'CommentOnChange':
      return [comment(command, state)];
    case 'AttachFile':
      return [attachment(command, state)];
    case 'StartChange':
      return start(command, state);
    case 'ExpireChange':
      return expire(command, state);
    case 'VoidTemplateUse':
      return voidUse(command, state);
    case 'RecallChange':
      return [recall(command, state)];
    case 'ReportTicketState':
      return ticketReport(command, state);
    case 'HandOverChange':
      return handOver(command, state);
    case 'MarkStale': {
      if (state.status === 'stale' || wasApplied(state.status)) return [];
      requireStarted(allowed(state, command.type));
      return inParts(command.mismatches).map(({ elements: mismatches, part }) => {
        return { type: 'ChangeBecameStale', data: { mismatches, ...part } };
      });
    }
    case 'RecordApplied': {
      if (wasApplied(state.status)) return [];
      requireStarted(requireOneRing(allowed(state, command.type)));
      return [{ type: 'ChangeApplied', data: { policy: command.policy } }];
    }
    case 'VerifyChange':
      return [verification(command, state)];
    case 'CloseChange':
      return [closing(command, state)];
    case 'SignStage':
      return [stageSignature(command, state)];
    case 'ReviewStage':
      return [stageReviewed(command, state)];
    case 'RecordFirstStage':
      if (state.status === 'approved') requireStarted(state);
      return firstStageApplied(command, state);
    case 'StartStage':
      return startStage(command, state);
    case 'RecordStage':
      return stageApplied(command, state);
    case 'VerifyStage':
      return [stageVerification(command, state)];
    case 'RecallStages':
      return [recallStages(command, state)];
    case 'StopStages':
      return stopStages(command, state);
  }
}

function draft(command: DraftChange, state: ChangeRequest): readonly ChangeRequestEvent[] {
  if (state.status !== 'none') {
    throw new ReleaseControlError('change-request-exists', `${command.id} is taken`);
  }
  const author = requireAuthor(command.context);
  requireAuthorIn(command.ring, author);
  if (command.submit) requireNoAuthorSignature(command.policies ?? []);
  checkItems(command.items, command.ring, command.context.at);
  const { id, ring, window = {}, supersedes, ticket, stages, template, context } = command;
  if (template !== undefined) checkStandardChange(command);
  if (stages !== undefined) {
    checkStages({ ring, stages }, command.items, { notBefore: window.notBefore, at: context.at });
    for (const stage of stages) requireAuthorIn(stage.ring, author);
  }
  checkWindow(window, context.at);
  if (ticket !== undefined) checkTicket(ticket);
  const limits = Object.keys(window).length === 0 ? {} : { window };
  const head = {
    id,
    ring,
    author: { id: author.id, name: author.name },
    reason: context.reason,
    ...limits,
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(stages === undefined ? {} : { stages }),
    ...(template === undefined ? {} : { template }),
  };
  const drafted = inParts(command.items).map(({ elements: items, part }): ChangeRequestEvent => {
    return { type: 'ChangeDrafted', data: { ...head, items, ...part } };
  });
  return command.submit ? [...drafted, submitted(1, context)] : drafted;
}

function submitted(submission: number, context: CommandContext): ChangeRequestEvent {
  return { type: 'ChangeSubmitted', data: { submission, at: context.at } };
}

/** What the ring's policy was told of can be recalled no more: the worker says so first. */
function requireStarted(request: Extract<ChangeRequest, { status: 'approved' | 'released' }>): void {
  if (request.status === 'released' || request.started !== undefined) return;
  throw new ReleaseControlError(
    'not-allowed-in-status',
    `${request.id} is approved, and was not taken on yet`,
  );
}

/** A plan is in force ring by ring: that the first one has it is another event. */
function requireOneRing<Request extends Extract<ChangeRequest, { status: 'approved' | 'released' }>>(
  request: Request,
): Request {
  if (request.stages === undefined) return request;
  throw new ReleaseControlError(
    'not-allowed-in-status',
    `${request.id} is a plan, and takes effect in one ring after the other`,
  );
}

function awaitsCapture(
  state: ChangeRequest,
  submission: number,
): state is Extract<ChangeRequest, { status: 'submitted' }> {
  return state.status === 'submitted' && state.submission === submission;
}

/** Two items may mean the same target, or nothing may change: that is known only now, and is the request's author's to mend. */
function captured(
  command: ReportCapture,
  state: Extract<ChangeRequest, { status: 'submitted' }>,
): ChangeRequestEvent[] {
  const { submission } = command;
  const changes = distinct(command.changes);
  const problem = problemWith(changes, state.reason, command.context.at);
  if (problem)
    return [
      refused(
        submission,
        state.items.map((item) => ({ item, ...problem })),
        0,
      ),
    ];
  const recordDigest = digestOf({ ...state, changes });
  const events = inParts(changes).map(({ elements, part }): ChangeRequestEvent => {
    return { type: 'ArtefactsCaptured', data: { submission, changes: elements, recordDigest, ...part } };
  });
  return [...events, ...afterCapture(command, { ...state, changes, recordDigest })];
}

const MOST_FAILURES = 20;

/** What upstream says of a failure is hostile, and of each of 2,000 items something may be wrong: the first are recorded, and how many more there were. */
function refused(submission: number, all: readonly CaptureFailure[], untried: number): ChangeRequestEvent {
  const [shown = []] = split(all.slice(0, MOST_FAILURES));
  const [last, more] = [shown.at(-1), all.length - shown.length];
  const others = [
    ...(more > 0 ? [`${more} more items failed`] : []),
    ...(untried > 0 ? [`${untried} more items were not tried`] : []),
  ];
  const failures =
    last && others.length > 0
      ? [...shown.slice(0, -1), { ...last, message: `${last.message} (and ${others.join(', ')})` }]
      : shown;
  return { type: 'CaptureRefused', data: { submission, failures } };
}
