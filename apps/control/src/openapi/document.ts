import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { USUAL_CREDENTIAL_RULES } from '#identity/credentials/credential-rules';
import { createLogger } from '#platform/logging/logger';
import { adapters } from '../adapters.js';
import { createControl } from '../control.js';
import { AT_LEAST, PROBLEM, PROBLEM_ANSWER } from './every-route.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;

/** The REST API described, from the routes themselves. Needs no database: nothing connects before it is used. */
export async function openApiDocument(): Promise<OpenAPIObject> {
  const databaseUrl = 'postgres://nobody@localhost/nowhere';
  const made = adapters(
    { databaseUrl, zone: 'Etc/UTC', ...USUAL_CREDENTIAL_RULES },
    new Uint8Array(32),
    new PostgresEventStore(databaseUrl),
  );
  const site = { origin: 'nowhere', evaluationDatabase: false, eventStore: 'postgresql' } as const;
  const app = await createControl(made, site, createLogger('control', 'silent'));
  const head = new DocumentBuilder()
    .setTitle('Holdfast control')
    .setDescription(
      "People's commands and queries. Every command says why; every refusal is a problem (RFC 9457).",
    )
    .setVersion('1')
    .setLicense('Apache-2.0', '')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The token that POST /v1/sessions gave' })
    .build();
  const document = SwaggerModule.createDocument(app, head);
  await app.close();
  return withWhatEveryRouteHas(document);
}

function withWhatEveryRouteHas(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, { get, post, delete: remove }]) => [
    path,
    {
      ...(get ? { get: completed({ ...get, parameters: [...(get.parameters ?? []), AT_LEAST] }) } : {}),
      ...(post ? { post: completed(post) } : {}),
      ...(remove ? { delete: completed(remove) } : {}),
    },
  ]);
  const schemas = { ...document.components?.schemas, Problem: PROBLEM };
  return {
    ...document,
    paths: Object.fromEntries(paths) as OpenAPIObject['paths'],
    components: { ...document.components, schemas },
  };
}

function completed(operation: Operation): Operation {
  return { ...operation, responses: { ...operation.responses, default: PROBLEM_ANSWER } };
}
