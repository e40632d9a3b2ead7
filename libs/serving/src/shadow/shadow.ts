import type { FastifyRequest } from 'fastify';
import type { Incumbent } from './incumbent.js';
import type { Onlooker } from './pass-on.js';

/** A proxy that looks on while another one answers. A class, so that Nest can inject it. */
export class Shadow {
  constructor(readonly incumbent: Incumbent) {}

  watch(_request: FastifyRequest): Onlooker {
    return UNWATCHED;
  }
}

const UNWATCHED: Onlooker = {
  begins: () => undefined,
  piece: () => undefined,
  ended: () => undefined,
};
