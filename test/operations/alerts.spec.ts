import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { registeredMetrics } from './registered-metrics.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

const { groups } = parse(read('deploy/prometheus/alerts.yml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const jobs = (
  parse(read('deploy/prometheus/prometheus.yml')) as {
    readonly scrape_configs: readonly { readonly job_name: string }[];
  }
).scrape_configs.map(({ job_name }) => job_name);
const dashboard = JSON.parse(read('deploy/grafana/holdfast.json')) as {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
};
const runbook = read('docs/how-to/operate.md');

/** Prometheus adds these. */
const OF_PROMETHEUS = ['job', 'instance', 'le'];
const labels = new Map([['up', []], ...registeredMetrics({ process: true }).flatMap(namesAndLabels)]);

/** A histogram is shown as three series. */
function namesAndLabels({
  name,
  type,
  labels: own,
}: ReturnType<typeof registeredMetrics>[number]): [string, string[]][] {
  const series = type === 'histogram' ? ['_bucket', '_count', '_sum'] : [''];
  return series.map((end) => [name + end, [...own]]);
}

/** What is wrong with an expression: metrics that nobody registers, labels that the metric does not have. */
function faults(expr: string): string[] {
  const used = [...expr.matchAll(/\b(up|(?:holdfast|process|nodejs)_[a-z_]+)\b(?:\{([^}]*)\})?/g)];
  if (used.length === 0) return [`no metric in ${expr}`];
  const allowed = new Set(OF_PROMETHEUS);
  const wrong: string[] = [];
  for (const [, name = '', selector = ''] of used) {
    const own = labels.get(name);
    if (!own) wrong.push(`no server registers ${name}`);
    const known = [...OF_PROMETHEUS, ...(own ?? [])];
    for (const label of known) allowed.add(label);
    for (const [, label = ''] of selector.matchAll(/([a-z_]+)\s*[!=]/g))
      if (!known.includes(label)) wrong.push(`${name} has no label ${label}`);
  }
  for (const [, list = ''] of expr.matchAll(/\bby \(([^)]*)\)/g))
    for (const label of list.split(',').map((each) => each.trim()))
      if (!allowed.has(label)) wrong.push(`nothing in ${expr} has the label ${label}`);
  return wrong;
}

/** A section's text, by its title. */
const sections = new Map(
  runbook
    .split(/^#{2,3} /m)
    .slice(1)
    .map((section) => [section.split('\n', 1)[0] ?? '', section]),
);

describe('the alarms', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s names metrics that exist', (_, rule) => {
    expect(faults(rule.expr)).toEqual([]);
    expect(['critical', 'warning']).toContain(rule.labels.severity);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s has its answer', (alert, rule) => {
    expect(rule.annotations.runbook).toBe(`docs/how-to/operate.md#${alert.toLowerCase()}`);
    const section = sections.get(alert) ?? '';
    for (const part of ['**Means**', '**Look at**', '**Do**', '**Call**']) expect(section).toContain(part);
  });

  it('are all that the runbook has sections for', () => {
    const answered = [...sections.keys()].filter((title) => title.startsWith('Holdfast'));
    expect(answered.sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });

  it('are of servers that are scraped', () => {
    expect(jobs).toEqual(['holdfast-control', 'holdfast-worker', 'holdfast-projector', 'holdfast-proxy']);
  });

  it('would notice a metric or a label that is not there', () => {
    expect(faults('holdfast_projection_lag_weeks > 1')).toEqual([
      'no server registers holdfast_projection_lag_weeks',
    ]);
    expect(faults('sum by (colour) (holdfast_ready)')).toHaveLength(1);
    expect(faults('holdfast_ready{colour="red"}')).toHaveLength(1);
  });
});

describe('the dashboard', () => {
  const targets = dashboard.panels.flatMap(({ title, targets: own }) =>
    own.map(({ expr }) => [title, expr] as const),
  );

  it.each(targets)('%s names metrics that exist: %s', (_, expr) => {
    expect(faults(expr)).toEqual([]);
  });
});

describe('the runbook', () => {
  it('leads only to sections that it has', () => {
    const anchor = (title: string): string => title.toLowerCase().replaceAll(' ', '-');
    const there = new Set([...sections.keys()].map(anchor));
    const asked = [...runbook.matchAll(/\]\(#([^)]+)\)/g)].map(([, name = '']) => name);
    expect(asked.filter((name) => !there.has(name))).toEqual([]);
  });

  it('names commands that the CLI has, and its other pages as well', () => {
    const pages = globSync('docs/{how-to,tutorials}/*.md', { cwd: ROOT });
    const known = [...read('docs/reference/cli.md').matchAll(/^## holdfast (.+)$/gm)].map(
      ([, name = '']) => name,
    );
    const unknown = pages.flatMap((page) =>
      [...read(page).matchAll(/`holdfast ([a-z][a-z-]*(?: [a-z][a-z-]*)*)[^`]*`/g)]
        .map(([, words = '']) => words)
        .filter((words) => !known.some((name) => `${words} `.startsWith(`${name} `)))
        .map((words) => `${page}: holdfast ${words}`),
    );
    expect(known.length).toBeGreaterThan(20);
    expect(unknown).toEqual([]);
  });

  it('answers each condition that a server may wait for', () => {
    const table = read('docs/reference/metrics.md').split('The conditions that `/readyz` names:')[1] ?? '';
    const rows = table.split('\n').filter((row) => row.startsWith('| '));
    const names = rows.flatMap((row) =>
      [...(row.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    );
    const sources = globSync('{apps,libs}/*/src/**/*.ts', { cwd: ROOT }).filter(
      (file) => !file.endsWith('.spec.ts'),
    );
    const watched = sources.flatMap((file) =>
      [...read(file).matchAll(/\breadiness\.(?:expect|check)\('([^']+)'/g)].map(([, name = '']) => name),
    );
    expect(watched).toContain('second ledger folder');
    expect(names).toEqual(expect.arrayContaining(watched));
    const answered = sections.get('HoldfastNotReady') ?? '';
    expect(names.filter((name) => !answered.includes(`\`${name}\``))).toEqual([]);
  });
});
