import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALARMS, WATCHED } from './watched-log.js';

/** The programs, without their comments: what is only written about is never logged. */
const programs = globSync('{apps,libs}/*/src/**/*.ts')
  .filter((file) => !file.endsWith('.spec.ts'))
  .map((file) => readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, ''));

describe('what the log is watched for', () => {
  it.each([...ALARMS, ...Object.values(WATCHED)])('%s is what a program says', (text) => {
    const said = new RegExp(`['"\`]${text}`);
    expect(programs.some((program) => said.test(program))).toBe(true);
  });
});
