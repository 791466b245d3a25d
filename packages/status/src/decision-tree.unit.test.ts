import { expect, it } from 'vitest';
import { decisionTree } from './decision-tree.ts';

const answer = (outcome: 'present' | 'absent') => ({ outcome, at: 0 });
const sessions = { ...answer('present'), sessionId: 's' };
const verdict = { category: 'think-out-loud test', rule: 'has-transcript', source: 'probed', at: 0 } as const;

it('the way of a test that was probed leads to the rule of its verdict', () => {
  const { nodes, otherwise } = decisionTree({ evidence: {}, verdict }, 'tutorial');
  expect(nodes.map(({ endpoint, on_path }) => [endpoint, on_path])).toEqual([
    ['sessionResults', true],
    ['videoDownloadUrl', true],
    ['qxScores', true],
    ['transcript', true],
  ]);
  expect(nodes[0]).toMatchObject({ further: '200', branches: [{ says: '404' }, { says: '200 without sessions' }] });
  expect(nodes[3]).toMatchObject({ further: '404', branches: [{ says: '200', taken: true }] });
  expect(otherwise).toEqual({ category: 'survey', rule: 'no-other-data', taken: false });
});

it('it goes no further than the branch that was taken', () => {
  const video = { ...verdict, category: 'interaction test', rule: 'has-video' } as const;
  const { nodes } = decisionTree({ evidence: {}, verdict: video }, 'tutorial');
  expect(nodes.map(({ on_path }) => on_path)).toEqual([true, true, false, false]);
});

it('without a verdict by probe it goes as far as the answers lead, in the order of the rules in force', () => {
  const evidence = { sessions, transcript: answer('absent') };
  const { nodes } = decisionTree({ evidence, verdict: null }, 'media-matrix');
  expect(nodes.map(({ endpoint, on_path }) => [endpoint, on_path])).toEqual([
    ['sessionResults', true],
    ['transcript', true],
    ['videoDownloadUrl', true],
    ['qxScores', false],
  ]);
});

it('a verdict of another rule set is shown in that set', () => {
  const other = { ...verdict, rule: 'matrix-no-other-data', category: 'survey' } as const;
  const { nodes, otherwise } = decisionTree({ evidence: {}, verdict: other }, 'tutorial');
  expect(nodes[1]?.endpoint).toBe('transcript');
  expect(otherwise.taken).toBe(true);
});
