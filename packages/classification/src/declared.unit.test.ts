import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classicTypes, declaredByProductType, declaredCategory } from './declared.ts';

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
    [' STUDYV2', 'SURVEY'],
    ['STUDYV2', 'SURVEY '],
    ['STUDYV2', 'THINK-OUT-LOUD'],
    ['STUDYV2', 'toString'],
    ['SURVEY', 'STUDYV2'],
    ['LIVE_CONVERSATION', 'LIVE_CONVERSATION'],
    ['WEB,APP', undefined],
    ['null', 'null'],
    ['constructor', 'SURVEY'],
  ])('type %s with productType %s decides nothing', (type, productType) => {
    expect(declaredCategory({ type, productType })).toBeNull();
  });

  it('no other values decide anything, and letter case never matters', () => {
    const type = fc.oneof(fc.string(), fc.constantFrom('STUDYV2', ...classicTypes));
    const product = fc.option(fc.oneof(fc.string(), fc.constantFrom(...Object.keys(declaredByProductType))), {
      nil: undefined,
    });
    fc.assert(
      fc.property(type, product, (type, productType) => {
        const declared = declaredCategory({ type, productType });
        const classic = classicTypes.includes(type.toUpperCase());
        const known = Object.keys(declaredByProductType).includes(productType?.toUpperCase() ?? '');
        expect(declared !== null).toBe(classic || (type.toUpperCase() === 'STUDYV2' && known));
        expect(declaredCategory({ type: type.toLowerCase(), productType: productType?.toLowerCase() })).toEqual(
          declared,
        );
      }),
    );
  });
});
