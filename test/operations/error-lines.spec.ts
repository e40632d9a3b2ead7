import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The servers' sources; Nest's own lines have Nest's texts. */
const SOURCES = globSync(['apps/{control,worker,projector,proxy}/src/**/*.ts', 'libs/*/src/**/*.ts'], {
  cwd: ROOT,
}).filter((file) => !/\.spec\.ts$|\/testing\/|\/contract\/|nest-logger\.ts$/.test(file));

/** The beginnings of what a file logs as an error or as fatal: its message, up to what is filled in. */
function errorLines(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(ROOT, file), 'utf8'),
    ts.ScriptTarget.Latest,
  );
  const lines: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isErrorCall(node.expression, source)) {
      const message = node.arguments.at(-1);
      if (message && ts.isStringLiteral(message)) lines.push(message.text);
      else if (message && ts.isTemplateExpression(message)) lines.push(message.head.text);
      else lines.push(`${file} logs an error with no words of its own`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}

function isErrorCall(called: ts.Expression, source: ts.SourceFile): boolean {
  return (
    ts.isPropertyAccessExpression(called) &&
    /^(error|fatal)$/.test(called.name.text) &&
    /(^|\.)(logger|last)$/.test(called.expression.getText(source))
  );
}

const logged = [...new Set(SOURCES.flatMap(errorLines))].sort();
const answered = [
  ...readFileSync(path.join(ROOT, 'docs/how-to/operate.md'), 'utf8').matchAll(
    /^\| `([^`]+)`\s+\| (?:all|control|worker|projector|proxy) /gm,
  ),
].map(([, begins = '']) => begins);

describe('every line that is logged as an error', () => {
  it.each(logged)('has an answer in the runbook: %s', (line) => {
    expect(answered.filter((begins) => line.startsWith(begins))).toHaveLength(1);
  });

  it('is one that is still logged', () => {
    expect(logged.length).toBeGreaterThan(8);
    const gone = answered.filter((begins) => !logged.some((line) => line.startsWith(begins)));
    expect(gone).toEqual([]);
  });
});
