/** What is true of all routes, and so is written on none. OpenAPI 3.0 (`version-3-1.ts` says it in the words of 3.1). */

export const PROBLEM = {
  type: 'object' as const,
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string' as const, description: 'urn:holdfast:problem:<code>' },
    title: { type: 'string' as const },
    status: { type: 'integer' as const },
    detail: { type: 'string' as const },
    code: { type: 'string' as const, description: 'For programs: one word for each kind of refusal' },
    requestId: {
      type: 'string' as const,
      format: 'uuid',
      description: 'To look for in the log and the trail',
    },
    error_list: {
      type: 'array' as const,
      description: 'As stores have it; below /v2/ only',
      items: {
        type: 'object' as const,
        required: ['code', 'message'],
        properties: { code: { type: 'string' as const }, message: { type: 'string' as const } },
      },
    },
    current: {
      type: 'object' as const,
      description: 'Of a record that is at another revision (412): what is there now',
      required: ['etag', 'since'],
      properties: {
        etag: { type: 'string' as const, nullable: true, description: 'For If-Match' },
        since: {
          type: 'array' as const,
          description: 'What happened since; at most the last twenty events',
          items: {
            type: 'object' as const,
            required: ['type', 'at', 'by', 'streamRevision'],
            properties: {
              type: { type: 'string' as const },
              at: { type: 'string' as const, format: 'date-time' },
              by: { type: 'string' as const },
              streamRevision: { type: 'string' as const },
            },
          },
        },
      },
    },
    errors: {
      type: 'array' as const,
      description: 'What is wrong with the body, member by member',
      items: {
        type: 'object' as const,
        required: ['pointer', 'detail'],
        properties: {
          pointer: { type: 'string' as const, description: 'RFC 6901' },
          detail: { type: 'string' as const },
        },
      },
    },
  },
};

export const PROBLEM_ANSWER = {
  description: 'Refused, or failed',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

export const AT_LEAST = {
  name: 'atLeast',
  in: 'query' as const,
  required: false,
  description: 'A cursor that a command answered with: waits up to 5 s until the read models have got there',
  schema: { type: 'string' as const },
};

export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description:
    'Once for each thing that is to be done, best a new UUID: asked again with it, by the same person or token and with the same body, the answer is the first one’s (with Idempotency-Replayed: true), and nothing is done twice. Remembered for a day',
  schema: { type: 'string' as const, minLength: 16, maxLength: 128 },
};

export const IF_MATCH = {
  name: 'If-Match',
  in: 'header' as const,
  required: false,
  description:
    'The ETag of the record that this was thought of for: refused with 412, and with what is there now, once the record is at another revision',
  schema: { type: 'string' as const },
};

export const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header' as const,
  required: false,
  description: 'An ETag: answered with 304, without a body, while that is still what there is',
  schema: { type: 'string' as const },
};
