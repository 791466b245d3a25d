import { describe, expect, it } from 'vitest';
import { declaredCategory } from './declared-category.ts';

describe('what a listing declares', () => {
  it.each([
    ['STUDYV2', 'SURVEY', 'survey'],
    ['STUDYV2', 'NON_THINK_OUT_LOUD', 'interaction test'],
    ['studyv2', 'think_out_loud', 'think-out-loud test'],
    ['STUDYV2', 'LIVE_CONVERSATION', 'live conversation'],
    ['WEB', 'INSIGHT_CORE', 'ClassicUT'],
    ['app', undefined, 'ClassicUT'],
    ['LIVE', undefined, 'ClassicUT'],
    ['PROTOTYPE', 'SURVEY', 'ClassicUT'],
    ['EXTERNAL_UPLOAD', undefined, 'ClassicUT'],
    ['STUDY_VIDEO_UPLOAD', 'STUDY_VIDEO_UPLOAD', 'ClassicUT'],
  ])('type %s with productType %s is a %s', (type, productType, category) => {
    expect(declaredCategory({ type, productType })?.category).toBe(category);
  });

  it.each([
    [undefined, undefined],
    [undefined, 'SURVEY'],
    ['STUDYV2', undefined],
    ['STUDYV2', 'TREE_TEST'],
    ['STUDYV2', '__proto__'],
    ['STUDYV3', 'SURVEY'],
    ['', ''],
  ])('type %s with productType %s decides nothing', (type, productType) => {
    expect(declaredCategory({ type, productType })).toBeNull();
  });
});
