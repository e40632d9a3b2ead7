import type { Captured, Drafted, Signed, Submitted } from './state.js';

/** What of a request's state goes on into the next status, whatever else the status before had. */

export function signedPart({
  signature,
  signatures,
  notCounted,
  emergency,
  awaitsTicket,
  rollout,
  ...state
}: Signed): Signed {
  const more = {
    ...(emergency === undefined ? {} : { emergency }),
    ...(awaitsTicket === undefined ? {} : { awaitsTicket }),
    ...(rollout === undefined ? {} : { rollout }),
  };
  return { ...capturedPart(state), signature, signatures, notCounted, ...more };
}

export function capturedPart({ changes, recordDigest, ...state }: Captured): Captured {
  return { ...submissionOf(state), changes, recordDigest };
}

export function submissionOf({ submittedAt, attachments, ...state }: Submitted): Submitted {
  return { ...draftOf(state), submittedAt, ...(attachments === undefined ? {} : { attachments }) };
}

export function draftOf(state: Drafted): Drafted {
  const { id, ring, author, reason, items, window, revision, earlier, comments, submission } = state;
  const { supersedes, ticket, ticketReports, stages, template, use, files, earlierAuthors, authored } = state;
  const asked = { id, ring, author, reason, items, window, revision, earlier, comments, submission };
  const more = {
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(stages === undefined ? {} : { stages }),
    ...(earlierAuthors === undefined ? {} : { earlierAuthors }),
    ...(authored === undefined ? {} : { authored }),
    ...(template === undefined ? {} : { template }),
    ...(use === undefined ? {} : { use }),
  };
  return { ...asked, ...more, ticketReports, files };
}
