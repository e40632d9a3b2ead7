import { openApiDocument } from '../openapi/document.js';

export const MUTATING_METHODS = ['post', 'delete', 'put', 'patch'] as const;

/** A route that may change something, as the OpenAPI document has it. */
export interface MutatingRoute {
  readonly method: 'POST' | 'DELETE' | 'PUT' | 'PATCH';
  /** With `{parameters}`. */
  readonly path: string;
}

/** All of them, from the routes themselves: those that are added later too. */
export async function mutatingRoutes(): Promise<readonly MutatingRoute[]> {
  const { paths } = await openApiDocument();
  return Object.entries(paths).flatMap(([path, item]) =>
    MUTATING_METHODS.filter((method) => item[method]).map((method) => ({
      method: method.toUpperCase() as MutatingRoute['method'],
      path,
    })),
  );
}
