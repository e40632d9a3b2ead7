import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';

const PAGES = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md')];
const FENCED = /^ *```.*?^ *```/gms;
const prose = new Map(PAGES.map((page) => [page, readFileSync(page, 'utf8').replaceAll(FENCED, '')]));

/** What a heading is called in an address, as GitHub does it. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{Letter}\p{Number}_ -]/gu, '')
    .replaceAll(' ', '-');
}

function hasHeading(page: string, anchor: string): boolean {
  const headings = (prose.get(page) ?? '').matchAll(/^#+ (.*)$/gm);
  return [...headings].some(([, heading = '']) => anchorOf(heading) === anchor);
}

it.each(PAGES)('%s leads to what is there', (page) => {
  const targets = [...(prose.get(page) ?? '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  const dead = targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const there = file === '' ? page : normalize(join(dirname(page), file));
    return (
      !existsSync(there) || (anchor !== undefined && there.endsWith('.md') && !hasHeading(there, anchor))
    );
  });
  expect(dead).toEqual([]);
});

it('README.md leads to each tutorial and how-to', () => {
  const pages = PAGES.filter((page) => /^docs\/(tutorials|how-to)\//.test(page));
  expect(pages.filter((page) => !prose.get('README.md')?.includes(`(${page})`))).toEqual([]);
});

it('architecture.md names each library and each program', () => {
  const named = prose.get('docs/explanation/architecture.md') ?? '';
  const all = globSync(['libs/*/', 'apps/*/']).map((folder) => folder.split('/')[1]);
  expect(all.filter((name) => !named.includes(`\`${name}\``))).toEqual([]);
});
