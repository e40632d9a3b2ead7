import { isMap, isScalar, isSeq, type LineCounter, type Pair } from 'yaml';

/** What is wrong with a file, and on which line; collected, so that all of it is said at once. */
export class PolicyProblems {
  private readonly found: { readonly line: number; readonly what: string }[] = [];

  constructor(
    private readonly file: string,
    private readonly lines: LineCounter,
  ) {}

  add(offset: number, what: string): void {
    this.found.push({ line: this.lines.linePos(offset).line, what });
  }

  get any(): boolean {
    return this.found.length > 0;
  }

  /** The first of them, one a line: a file that is wrong everywhere need not say so. */
  text(most = 20): string {
    const shown = this.found
      .toSorted((a, b) => a.line - b.line)
      .slice(0, most)
      .map(({ line, what }) => `${this.file}:${line}: ${what}`);
    const more = this.found.length - shown.length;
    return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
  }
}

/** A place in the file: what stands there, what it is called, and where it begins. */
export interface PolicyNode {
  readonly value: unknown;
  readonly name: string;
  readonly offset: number;
}

/** The members of a mapping; none, with the problem noted, for what is none. Two of one name are one problem. */
export function members(node: PolicyNode, problems: PolicyProblems): readonly PolicyNode[] {
  if (!isMap(node.value)) {
    // What is written as `overrides:` with nothing after it.
    if (isScalar(node.value) && node.value.value === '') return [];
    problems.add(node.offset, `${node.name} must hold names with values`);
    return [];
  }
  const seen = new Set<string>();
  return node.value.items.flatMap((pair: Pair) => {
    const key = isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key : undefined;
    const offset = offsetOf(pair.key, node.offset);
    const name = key ? String(key.value) : undefined;
    if (name === undefined) {
      problems.add(offset, `${node.name} has a name that is none`);
      return [];
    }
    if (seen.has(name)) {
      problems.add(offset, `${name} stands twice in ${node.name}`);
      return [];
    }
    seen.add(name);
    return [{ value: pair.value, name, offset }];
  });
}

/** The entries of a list of words, each once. */
export function words(node: PolicyNode, problems: PolicyProblems): readonly PolicyNode[] {
  if (isScalar(node.value) && node.value.value === '') return [];
  if (!isSeq(node.value)) {
    problems.add(node.offset, `${node.name} must be a list`);
    return [];
  }
  const seen = new Set<string>();
  return node.value.items.flatMap((value) => {
    const entry = { value, name: node.name, offset: offsetOf(value, node.offset) };
    const text = word(entry, problems);
    if (text === undefined) return [];
    if (seen.has(text)) problems.add(entry.offset, `${text} stands twice in ${node.name}`);
    seen.add(text);
    return [{ ...entry, name: text }];
  });
}

/** A word or number as it is written; undefined, with the problem noted, for anything else. */
export function word({ value, name, offset }: PolicyNode, problems: PolicyProblems): string | undefined {
  if (isScalar(value) && typeof value.value === 'string' && value.value !== '') return value.value;
  problems.add(offsetOf(value, offset), `${name} must be one word`);
  return undefined;
}

/** A number; `otherwise`, with the problem noted, for what is no word. @param form of its digits, which `what` says in words */
export function numberIn(
  node: PolicyNode,
  problems: PolicyProblems,
  form: RegExp,
  what: string,
  otherwise = 0,
): number {
  const text = word(node, problems);
  if (text !== undefined && !form.test(text))
    problems.add(node.offset, `${node.name} must be ${what}, not ${text}`);
  return Number(text ?? otherwise);
}

/** Whether a member says `true`; the problem is noted for what says neither that nor `false`. */
export function isTrue(node: PolicyNode, problems: PolicyProblems): boolean {
  const text = word(node, problems);
  if (text !== undefined && text !== 'true' && text !== 'false')
    problems.add(node.offset, `${node.name} must be true or false, not ${text}`);
  return text === 'true';
}

/** Where a node begins; `otherwise` for an empty one. */
export function offsetOf(node: unknown, otherwise: number): number {
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : otherwise;
}
