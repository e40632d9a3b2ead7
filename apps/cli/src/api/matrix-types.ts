import type { components } from '#api-client/schema';

export type UpdateMatrix = components['schemas']['UpdateMatrixDto'];
