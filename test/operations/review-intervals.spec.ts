import 'reflect-metadata';
import { expect, it } from 'vitest';
import { REVIEW_KINDS, LONGEST_DAYS, USUAL_DAYS } from '#reviews/domain/kinds';
import { SITE_SETTINGS } from '#site/domain/settings/site-settings';
import { refusedSettings } from '#site/settings/refused-settings';

it.each(REVIEW_KINDS)(
  'R12, R28, R36: the site says how many days there are between reviews: %s, up to what a review may say, and never that there are none',
  (kind) => {
    const key = `${kind}-review-interval`;
    const refused = (days: number | string) => refusedSettings(new Map([[key, String(days)]])).length;
    expect(SITE_SETTINGS.find((setting) => setting.key === key)?.fallback).toBe(String(USUAL_DAYS[kind]));
    expect([1, LONGEST_DAYS[kind]].map(refused)).toEqual([0, 0]);
    expect([0, -1, LONGEST_DAYS[kind] + 1, 'never', '1.5'].map(refused)).toEqual([1, 1, 1, 1, 1]);
  },
);
