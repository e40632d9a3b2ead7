/** A word of the record of everything that happened, in whatever grammatical form. */
const RECORD =
  /^(?:audit(?:s|ed|ing)?|trails?|events?|histor(?:y|ies)|ledgers?|journals?|records?|recorded|recording|tiles?|checkpoints?|leaf|leaves)$/;
/** A word of leaving out, of ending, or of taking away. */
const AWAY =
  /^(?:disabled?|off|no|not|without|skip(?:s|ped)?|suppress(?:ed)?|mut(?:e|ed)|silent|quiet|omit|exclude|ignore|bypass|stop|pause|deletes?|deleted|removes?|removed|clear|drop(?:s|ped)?|reset|forget|limit|max|only|expir(?:e|es|y)|keep|days|sampl(?:e|es|ed|ing)|level|none|void|rewrite|edit|amend|alter|replace|update|truncate)$/;
/** A word of thinning out, which nothing here is called by, of whatever it is. */
const PURGE =
  /^(?:purg(?:e|es|ed|ing)|prun(?:e|es|ed|ing)|retention|retain(?:s|ed)?|ttl|truncat(?:e|es|ed)|eras(?:e|es|ed)|wip(?:e|es|ed)|vacuum|compact(?:s|ed|ion)?|rotat(?:e|es|ed|ion)|thin(?:s|ned)?|archiv(?:e|es|ed)|redact(?:s|ed)?|anonymi[sz]e|expunge|gc|housekeeping|cleanup)$/;

/** The names, of whatever kind, by which somebody could switch the record off, thin it out or take something out of it. */
export function recordSwitches(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].filter((name) => {
    const words = wordsOf(name);
    const some = (kind: RegExp) => words.some((word) => kind.test(word));
    return some(PURGE) || (some(RECORD) && some(AWAY));
  });
}

function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z]+/);
}
