import { loadavg } from 'node:os';
import { BENCHES } from './benches.js';
import { missed, type Measured } from './bench.js';

/** `bench <name>`: a table on standard output and, last, one line of JSON. Exit codes: 0 measured, 1 failed, 2 no such benchmark, 3 short of a mark. */
async function main(name: string | undefined): Promise<number> {
  const find = name === undefined ? undefined : BENCHES[name];
  if (name === undefined || find === undefined) {
    process.stderr.write(`usage: npm run -s bench -- ${Object.keys(BENCHES).sort().join(' | ')}\n`);
    return 2;
  }
  const bench = await find();
  const [load = 0] = loadavg();
  process.stderr.write(`${bench.about}\nThe machine's load before: ${load.toFixed(1)}\n`);
  const measured = await bench.run((line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${table(measured.table)}\n${JSON.stringify({ bench: name, ...measured.figures })}\n`);
  const short = missed(bench.marks, measured.figures);
  for (const line of short) process.stderr.write(`${line}\n`);
  return short.length === 0 ? 0 : 3;
}

function table(rows: Measured['table']): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => String(cell).padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

process.exit(await main(process.argv[2]));
