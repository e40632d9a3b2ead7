import type { FastifyRequest } from 'fastify';

/** What is compared, request by request. */
export const COMPARED_ENDPOINTS = ['refresh', 'info', 'find', 'assertion'] as const;
export type ComparedEndpoint = (typeof COMPARED_ENDPOINTS)[number];

/** What a request is about: one of what is compared, with what names it; or something else. */
export interface Asked {
  readonly endpoint: ComparedEndpoint | 'other';
  /** The snap's name, the assertion's type and key; empty where nothing names it. */
  readonly name: string;
}

const OTHER: Asked = { endpoint: 'other', name: '' };

/**
 * Only what changes nothing, anywhere, is asked a second time. The rest is passed on alone: sessions, nonces and registrations, which would be
 * opened twice; downloads, whose offer was compared; cohorts, words of the catalogue and pictures, which say nothing of a revision.
 */
export function askedIn({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): Asked {
  const [path = ''] = url.split('?');
  if (method === 'POST') return path === '/v2/snaps/refresh' ? { endpoint: 'refresh', name: '' } : OTHER;
  if (method !== 'GET') return OTHER;
  if (path === '/v2/snaps/find') return { endpoint: 'find', name: '' };
  const [, info] = /^\/v2\/snaps\/info\/([^/]+)$/.exec(path) ?? [];
  if (info !== undefined) return { endpoint: 'info', name: info.slice(0, 100) };
  const [, assertion] = /^\/v2\/assertions\/(.+)$/.exec(path) ?? [];
  return assertion === undefined ? OTHER : { endpoint: 'assertion', name: assertion.slice(0, 200) };
}
