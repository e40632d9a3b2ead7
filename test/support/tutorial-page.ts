import { readFileSync } from 'node:fs';

/** What a page tells its reader to type, and what it says is printed then. */
export interface Block {
  /** The heading that it stands under. */
  readonly heading: string;
  readonly commands: string;
  /** Lines of the `text` block that follows it at once; `…` stands for anything. */
  readonly shows: readonly string[];
}

type Replacement = readonly [written: string, here: string];

const FENCED = /^ *```(\w*)\n(.*?)^ *```$/gms;

/** A page of docs/, of which each shell block is typed once, in the order of the page. */
export class TutorialPage {
  private typed = 0;

  private constructor(
    private readonly file: string,
    private readonly blocks: readonly Block[],
  ) {}

  /**
   * @param heading only what stands under this one
   * @param replaced what stands in the page and is another thing here; of two that begin alike, the longer
   * @throws Error when a replacement replaces nothing: the page has moved on
   */
  static read(file: string, replaced: readonly Replacement[], heading?: string): TutorialPage {
    const all = blocksOf(readFileSync(file, 'utf8'));
    const written = heading === undefined ? all : all.filter((block) => block.heading === heading);
    const unused = replaced.filter(([from]) => !written.some((block) => textOf(block).includes(from)));
    if (unused.length > 0)
      throw new Error(`${file} does not have: ${unused.map(([from]) => from).join(', ')}`);
    const here = (text: string) => replacedIn(text, new Map(replaced));
    return new TutorialPage(
      file,
      written.map((block) => ({
        heading: block.heading,
        commands: here(block.commands),
        shows: block.shows.map(here),
      })),
    );
  }

  /** The next block. @throws Error when it does not stand under this heading: a step was left out, or the page has a new one */
  next(heading: string): Block {
    const block = this.blocks[this.typed];
    if (block?.heading !== heading)
      throw new Error(
        `the next block of ${this.file} is under ${block?.heading ?? 'no heading'}, not ${heading}`,
      );
    this.typed += 1;
    return block;
  }

  /** Blocks that nobody has typed. */
  left(): readonly Block[] {
    return this.blocks.slice(this.typed);
  }
}

/** A line of a page's output, as what is printed is compared with it. */
export function printedAs(line: string): RegExp {
  const parts = line.trim().split('…');
  return new RegExp(`^ *${parts.map((part) => literally(part).replaceAll(/ +/g, ' +')).join('.*')} *$`, 'm');
}

function replacedIn(text: string, replaced: ReadonlyMap<string, string>): string {
  const longestFirst = [...replaced.keys()].toSorted((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return text;
  const any = new RegExp(longestFirst.map(literally).join('|'), 'g');
  return text.replaceAll(any, (found) => replaced.get(found) ?? found);
}

function literally(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
}

function textOf({ commands, shows }: Block): string {
  return [commands, ...shows].join('\n');
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let end = 0;
  for (const found of text.matchAll(FENCED)) {
    const [whole, language, body = ''] = found;
    const before = text.slice(end, found.index).trim();
    const last = blocks.at(-1);
    if (language === 'sh') {
      const heading = /^#+ (.*)$/gm;
      const headings = [...text.slice(0, found.index).replaceAll(FENCED, '').matchAll(heading)];
      blocks.push({ heading: headings.at(-1)?.[1] ?? '', commands: body, shows: [] });
    } else if (language === 'text' && last && before === '') {
      blocks[blocks.length - 1] = { ...last, shows: body.trimEnd().split('\n') };
    } else throw new Error(`a block of "${language}" that is nobody's output: ${body}`);
    end = found.index + whole.length;
  }
  return blocks;
}
