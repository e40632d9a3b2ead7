import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeInOrder } from './close-in-order.js';

let arrived: () => void;
let release: () => void;
let app: NestFastifyApplication;
let agent: Agent;
let url: string;

@Controller()
class Routes {
  @Get('quick')
  quick(): string {
    return 'quick';
  }
  @Get('slow')
  async slow(): Promise<string> {
    await new Promise<void>((resolve) => {
      release = resolve;
      arrived();
    });
    return 'slow';
  }
}

@Module({ controllers: [Routes] })
class Root {}

beforeEach(async () => {
  agent = new Agent({ keepAlive: true, maxSockets: 2 });
  app = await NestFactory.create<NestFastifyApplication>(Root, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterEach(() => agent.destroy());

async function get(path: string): Promise<string> {
  const asked = request(`${url}${path}`, { agent }).end();
  const [response] = (await once(asked, 'response')) as [AsyncIterable<Buffer>];
  let body = '';
  for await (const chunk of response) body += chunk.toString();
  return body;
}

describe('closeInOrder', () => {
  it('is not held up by a connection that is kept alive', async () => {
    expect(await get('/quick')).toBe('quick');
    await closeInOrder(app, 60_000);
    await expect(fetch(`${url}/quick`)).rejects.toThrow('fetch failed');
  });

  it('lets a request finish that is under way, and then closes its connection', async () => {
    const begun = new Promise<void>((resolve) => (arrived = resolve));
    const answer = get('/slow');
    await begun;
    const closed = closeInOrder(app, 60_000);
    await expect(fetch(`${url}/quick`)).rejects.toThrow('fetch failed');
    release();
    expect(await answer).toBe('slow');
    await closed;
  });

  it('breaks off what takes too long', async () => {
    const begun = new Promise<void>((resolve) => (arrived = resolve));
    const answer = get('/slow').catch((error: NodeJS.ErrnoException) => error.code);
    await begun;
    await closeInOrder(app, 10);
    expect(await answer).toBe('ECONNRESET');
  });
});
