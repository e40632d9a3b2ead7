type Page<Member extends string, Row> = { readonly [Name in Member]: readonly Row[] } & {
  /** What the next page comes after; null, or absent from a server of an earlier release, for the last one. */
  readonly next?: string | null;
};

/** All pages of a list, one after the other. @param member that holds the rows @param ask for the page behind `after`; undefined: the first one */
export async function wholeList<Member extends string, Row>(
  member: Member,
  ask: (after: string | undefined) => Promise<Page<Member, Row>>,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let after: string | undefined; ;) {
    const page = await ask(after);
    all.push(...page[member]);
    if (!page.next) return all;
    after = page.next;
  }
}
