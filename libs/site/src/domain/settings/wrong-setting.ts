import { SiteError } from '../errors.js';

export function wrongSetting(sentences: readonly string[]): SiteError {
  return new SiteError('wrong-setting', `nothing was changed: ${sentences.join(' ')}`);
}
