export { type Category, categories, coverageOf, platformOf, type TestType, testTypeOf, testTypes } from './category.ts';
export { declaredCategory } from './declared.ts';
export { type Answer, droppedSession, type Evidence, evidenceLife, isStale, type ProbeName } from './evidence.ts';
export { type RequestForecast, type RuleMix, requestForecast } from './forecast.ts';
export { type NextStep, nextStep } from './next-step.ts';
export { findRule, type ProbingRules, type RuleSetName, ruleSetNames, ruleSets, tutorialRules } from './rule-sets.ts';
export { type Certainty, certainties, certaintyOf, provisionalUntil, type Verdict } from './verdict.ts';
