export { type Category, categories, platformOf, type TestType, testTypeOf, testTypes } from './category.ts';
export { type Declaration, type Declared, declaredCategory } from './declared-category.ts';
export type { Answer, Evidence } from './evidence.ts';
export { type NextStep, nextStep } from './next-step.ts';
export type { ProbeName, ProbeOutcome } from './probe-name.ts';
export { type ProbingRule, type ProbingRules, tutorialRules } from './probing-rules.ts';
export { type RequestForecast, type RuleMix, requestForecast } from './request-forecast.ts';
export type { Verdict } from './verdict.ts';
