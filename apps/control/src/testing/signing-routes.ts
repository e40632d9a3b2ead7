import type { OpenAPIObject } from '@nestjs/swagger';
import { openApiDocument } from '../openapi/document.js';
import { mutatingRoutes } from './mutating-routes.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Routes of somebody who is signed in that ask again who it is: what signs, and what concerns credentials. As `POST /path`, from the OpenAPI document. */
export async function signingRoutes(): Promise<readonly string[]> {
  const [{ paths, components }, routes] = await Promise.all([openApiDocument(), mutatingRoutes()]);
  return routes
    .filter(({ ofSomebody }) => ofSomebody)
    .filter(({ method, path }) => {
      const body = paths[path]?.[method.toLowerCase() as 'post']?.requestBody;
      const schema = body && 'content' in body ? body.content['application/json']?.schema : undefined;
      const members = schema ? membersOf(schema, components?.schemas ?? {}) : [];
      return ['password', 'code', 'securityKey'].every((name) => members.includes(name));
    })
    .map(({ method, path }) => `${method} ${path}`);
}

function membersOf(schema: Schemas[string], schemas: Schemas): readonly string[] {
  if (!('$ref' in schema)) return Object.keys(schema.properties ?? {});
  const named = schemas[schema.$ref.split('/').at(-1) ?? ''];
  return named ? membersOf(named, schemas) : [];
}
