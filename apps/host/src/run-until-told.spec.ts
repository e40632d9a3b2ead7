import { expect, it, vi } from 'vitest';
import { runUntilTold } from './run-until-told.js';
import type { Running } from './up.js';

/** What systemd is told. */
class Service {
  readonly said: string[] = [];
  ready(sentence: string): Promise<void> {
    this.said.push(sentence);
    return Promise.resolve();
  }
  stopping(): Promise<void> {
    this.said.push('stopping');
    return Promise.resolve();
  }
}

const urls = { control: 'http://control', proxy: 'http://proxy' };
const running = { urls, ownerUrl: '', stop: () => Promise.resolve() } as unknown as Running;
const whole = 'control at http://control, proxy at http://proxy';
const serving = 'proxy at http://proxy; the other servers are waited for, /readyz says why';

it('says ready when all servers are, and once', async () => {
  const service = new Service();
  const ends = runUntilTold(
    service,
    ({ onServing }) => {
      onServing?.('http://proxy');
      return Promise.resolve(running);
    },
    20,
  );
  await new Promise((resolve) => setTimeout(resolve, 60));
  process.emit('SIGTERM');
  await ends;
  expect(service.said).toEqual([whole, 'stopping']);
});

it('says ready when the proxy serves and the rest takes long, and that all are there in the end', async () => {
  const service = new Service();
  const rest = Promise.withResolvers<Running>();
  const ends = runUntilTold(
    service,
    ({ onServing }) => {
      onServing?.('http://proxy');
      return rest.promise;
    },
    1,
  );
  await vi.waitFor(() => expect(service.said).toEqual([serving]));
  rest.resolve(running);
  await vi.waitFor(() => expect(service.said).toEqual([serving, whole]));
  process.emit('SIGINT');
  await ends;
});

it('is not ready while the proxy does not serve, and ends in the middle of a start when it is told', async () => {
  const service = new Service();
  const ends = runUntilTold(
    service,
    ({ signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
    1,
  );
  await new Promise((resolve) => setTimeout(resolve, 30));
  process.emit('SIGTERM');
  await ends;
  expect(service.said).toEqual(['stopping']);
});

it('passes on why a start failed', async () => {
  const failing = runUntilTold(new Service(), () => Promise.reject(new Error('a setting is wrong')));
  await expect(failing).rejects.toThrow('a setting is wrong');
});
