import { openApiDocument } from '../openapi/document.js';

export const MUTATING_METHODS = ['post', 'delete', 'put', 'patch'] as const;

/** A route that may change something, as the OpenAPI document has it. */
export interface MutatingRoute {
  readonly method: 'POST' | 'DELETE' | 'PUT' | 'PATCH';
  /** With `{parameters}`. */
  readonly path: string;
  /** Whether it is for who is known: signed in, or with a token. */
  readonly ofSomebody: boolean;
}

/** All of them, from the routes themselves: those that are added later too. */
export async function mutatingRoutes(): Promise<readonly MutatingRoute[]> {
  const { paths } = await openApiDocument();
  return Object.entries(paths).flatMap(([path, item]) =>
    MUTATING_METHODS.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const ofSomebody = (operation.security?.length ?? 0) > 0;
      return [{ method: method.toUpperCase() as MutatingRoute['method'], path, ofSomebody }];
    }),
  );
}
