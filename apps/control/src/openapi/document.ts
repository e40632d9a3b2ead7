import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { USUAL_CREDENTIAL_RULES } from '#identity/credentials/credential-rules';
import { createLogger } from '#platform/logging/logger';
import { adapters } from '../adapters.js';
import { createControl } from '../control.js';
import {
  AT_LEAST,
  IDEMPOTENCY_KEY,
  IF_MATCH,
  IF_NONE_MATCH,
  PROBLEM,
  PROBLEM_ANSWER,
} from './every-route.js';

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

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

function withWhatEveryRouteHas(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const operations = METHODS.flatMap((method) => {
      const operation = item[method];
      const ofSomebody = (operation?.security?.length ?? 0) > 0;
      const writing = ofSomebody ? [IDEMPOTENCY_KEY, IF_MATCH] : [];
      const parameters = method === 'get' ? [AT_LEAST, IF_NONE_MATCH] : writing;
      return operation ? [[method, completed(operation, parameters)] as const] : [];
    });
    return [path, Object.fromEntries(operations)] as const;
  });
  const schemas = { ...document.components?.schemas, Problem: PROBLEM };
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, schemas },
  };
}

function completed(operation: Operation, own: NonNullable<Operation['parameters']>): Operation {
  const parameters = [...(operation.parameters ?? []), ...own];
  return { ...operation, parameters, responses: { ...operation.responses, default: PROBLEM_ANSWER } };
}
