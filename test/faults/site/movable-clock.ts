import { readFileSync } from 'node:fs';

/*
 * Loaded before a server's own program: the server's clock of the day is as far off as a file says, in milliseconds, and moves when
 * the file changes, which is what setting a machine's clock does. What measures how long something takes goes on.
 */

const LOOK_EVERY_MS = 20;

const file = process.env['FAULTS_CLOCK_FILE'];
if (file === undefined) throw new Error('FAULTS_CLOCK_FILE names no file');

const right = Date.now;
let off = read(file);
setInterval(() => (off = read(file)), LOOK_EVERY_MS).unref();

const moved = (): number => right() + off;

globalThis.Date = new Proxy(Date, {
  construct: (real, given, asked) =>
    Reflect.construct(real, given.length === 0 ? [moved()] : given, asked) as Date,
  apply: () => new Date().toString(),
  get: (real, name) => (name === 'now' ? moved : (Reflect.get(real, name) as unknown)),
});

function read(name: string): number {
  return Number(readFileSync(name, 'utf8'));
}
