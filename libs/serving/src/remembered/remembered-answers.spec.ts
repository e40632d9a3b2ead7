import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheSpace } from '../downloads/cache-space.js';
import { SmallCopies } from '../downloads/small-copies.js';
import { REMEMBERED_FOR_MS, RememberedAnswers } from './remembered-answers.js';

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const MINUTE = 60_000;

let root: string;
let clock: number;
let failed: string[];
let made: number;
let space: CacheSpace;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-answers-'));
  [clock, failed, made] = [10_000_000_000, [], 0];
  space = new CacheSpace(1024 * 1024, { evicted: () => undefined, notEvicted: () => undefined });
});
afterEach(async () => rm(root, { recursive: true, force: true }));

function started(): RememberedAnswers {
  return new RememberedAnswers(
    new SmallCopies(root, 'answers', space),
    (error) => failed.push(String(error)),
    () => clock,
  );
}

function remember(answers: RememberedAnswers, question: string, text: string, mark = text): void {
  answers.remember(question, mark, () => {
    made++;
    return Buffer.from(text);
  });
}

async function recalled(answers: RememberedAnswers, question: string): Promise<string | undefined> {
  return (await answers.recall(question))?.body.toString();
}

describe('remembered answers', () => {
  it('are given as they came, with their age, also after a restart', async () => {
    const before = started();
    remember(before, A, '{"snap":\n1}');
    await before.close();
    clock += 5 * MINUTE;
    const after = await started().recall(A);
    expect(after?.body.toString()).toBe('{"snap":\n1}');
    expect(after?.ageMs).toBe(5 * MINUTE);
    expect(await started().recall(B)).toBeUndefined();
  });

  it('have the currency that came with them, and are written at once when that is another', async () => {
    const answers = started();
    const body = () => Buffer.from('{}');
    answers.remember(A, 'revision 1', body, 'EUR');
    expect((await answers.recall(A))?.currency).toBe('EUR');
    answers.remember(A, 'revision 1', body, 'GBP');
    await answers.close();
    expect((await started().recall(A))?.currency).toBe('GBP');
    answers.remember(A, 'revision 1', body);
    expect(await answers.recall(A)).not.toHaveProperty('currency');
  });

  it('are the last ones', async () => {
    const answers = started();
    for (let i = 0; i < 20; i++) remember(answers, A, `answer ${i}`);
    expect(await recalled(answers, A)).toBe('answer 19');
  });

  it('are written once in a while, and at once when they say something else', async () => {
    const answers = started();
    for (let i = 0; i < 100; i++) remember(answers, A, `body ${i}`, 'revision 1');
    expect(made).toBe(1);
    remember(answers, A, 'other', 'revision 2');
    expect(await recalled(answers, A)).toBe('other');
    clock += 11 * MINUTE;
    remember(answers, A, 'again', 'revision 2');
    expect(await answers.recall(A)).toMatchObject({ ageMs: 0 });
    expect(made).toBe(3);
  });

  it('are forgotten when upstream takes them back, also while they are being written', async () => {
    const answers = started();
    remember(answers, A, 'good');
    answers.forget(A);
    expect(await answers.recall(A)).toBeUndefined();
    remember(answers, A, 'good');
    expect(await recalled(answers, A)).toBe('good');
    const after = started();
    after.forget(A);
    after.forget(B);
    expect(await after.recall(A)).toBeUndefined();
    expect(failed).toEqual([]);
  });

  it('are not given when they are too old, or their age is not known', async () => {
    const answers = started();
    remember(answers, A, 'old');
    await answers.close();
    const at = clock;
    clock = at + REMEMBERED_FOR_MS;
    expect(await recalled(answers, A)).toBe('old');
    clock = at + REMEMBERED_FOR_MS + 1;
    expect(await recalled(answers, A)).toBeUndefined();
    clock = at - 2 * 60 * MINUTE;
    expect(await recalled(answers, A)).toBeUndefined();
  });

  it('are not given when the file was edited, or got the name of another', async () => {
    const answers = started();
    for (const [question, text] of [
      [A, 'one'],
      [B, 'two'],
      [C, 'three'],
    ] as const) {
      remember(answers, question, text);
    }
    await answers.close();
    const path = (name: string): string => join(root, 'answers', name);
    await rename(path(A), path(B));
    await writeFile(path(C), (await readFile(path(C), 'utf8')).replace('three', 'other'));
    for (const question of [A, B, C]) expect(await answers.recall(question)).toBeUndefined();
  });

  it('do not grow without bound: neither one of them, nor all', async () => {
    space = new CacheSpace(12 * 1024, { evicted: () => undefined, notEvicted: () => undefined });
    const answers = started();
    remember(answers, A, 'small');
    remember(answers, A, 'x'.repeat(9 * 1024 * 1024));
    expect(await answers.recall(A)).toBeUndefined();
    for (let i = 0; i < 50; i++) {
      remember(answers, i.toString(16).padStart(64, '0'), `answer ${i}`);
      await answers.close();
    }
    await space.settled();
    expect(await readdir(join(root, 'answers'))).toHaveLength(3);
    expect(await recalled(answers, (49).toString(16).padStart(64, '0'))).toBe('answer 49');
  });

  it('cost nobody an answer when the disk is full, and are not tried again at once', async () => {
    await writeFile(join(root, 'answers'), 'in the way');
    const answers = started();
    remember(answers, A, 'one');
    await answers.close();
    for (let i = 0; i < 10; i++) remember(answers, B, `two ${i}`);
    await answers.close();
    expect(failed).toHaveLength(1);
    expect(await answers.recall(A)).toBeUndefined();
    expect(failed).toHaveLength(2);
  });
});

it('what a crash left half-written is swept', async () => {
  const copies = new SmallCopies(root, 'answers', space);
  await copies.write(A, Buffer.from('whole'));
  await writeFile(join(root, 'answers', `${B}.123.4`), 'half');
  await copies.sweep();
  expect(await readdir(join(root, 'answers'))).toEqual([A]);
});
