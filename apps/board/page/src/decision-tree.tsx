import type { JSX } from 'preact';
import { type TestDetail, type Type, typeClass, typeNames } from './answers.ts';
import { Panel } from './panel.tsx';
import { dateAndTime } from './words.ts';

type Node = TestDetail['tree']['nodes'][number];
type Answer = TestDetail['answers'][number];

/** The probes as a tree: what each answered, where each answer leads, and which way this test took. */
export function DecisionTree({ test }: { test: TestDetail }): JSX.Element {
  const { tree, answers, source } = test;
  const notAsked = answers.length === 0 ? noAnswers(test) : '';
  return (
    <Panel id="answers" title="Decision tree" note={notAsked || undefined}>
      {(answers.length > 0 || source === null || source === 'probed') && (
        <ol class="tree">
          {tree.nodes.map((node) => (
            <TreeNode
              key={node.endpoint}
              node={node}
              answer={answers.find(({ endpoint }) => endpoint === node.endpoint) ?? null}
              missing={node.on_path ? missingAnswer(test) : 'not asked'}
            />
          ))}
          <li class={tree.otherwise.taken ? 'end on' : 'end'}>
            <Leaf type={tree.otherwise.category} taken={tree.otherwise.taken} />
          </li>
        </ol>
      )}
    </Panel>
  );
}

/** Why there is no answer. */
function noAnswers({ source, queued, error }: TestDetail): string {
  if (source === 'declared') return 'not asked: the listing says the type';
  if (source === 'imported') return 'not asked: the type is from state files';
  if (source === 'probed') return 'the answers are no longer stored';
  if (queued) return 'no answer yet';
  return error === null ? 'not asked yet' : 'it ended in an error';
}

/** Why the probe that the test's way ends at has no answer. */
function missingAnswer({ source, queued, error }: TestDetail): string {
  if (source === 'probed') return 'no longer stored';
  if (queued) return 'asked next';
  return error === null ? 'not asked' : 'an error';
}

interface TreeNodeProps {
  readonly node: Node;
  readonly answer: Answer | null;
  /** What is said where there is no answer. */
  readonly missing: string;
}

function TreeNode({ node, answer, missing }: TreeNodeProps): JSX.Element {
  const { endpoint, on_path, branches, further } = node;
  const goesOn = on_path && answer !== null && !branches.some(({ taken }) => taken);
  return (
    <li class={on_path ? 'on' : ''}>
      <div class="probe">
        <code>{endpoint}</code>
        {answer === null ? (
          <small>{missing}</small>
        ) : (
          <>
            <span>
              <span class={`status-code ${answer.status === 200 ? 'yes' : 'no'}`}>{answer.status}</span>{' '}
              {answerMeaning(answer)}
            </span>
            <time dateTime={answer.at}>{dateAndTime(answer.at)}</time>
          </>
        )}
      </div>
      <ul class="branches">
        {branches.map(({ says, category, rule, taken }) => (
          <li key={rule} class={taken ? 'on' : ''}>
            <span class="says">{says}</span> <Leaf type={category} taken={taken} />
          </li>
        ))}
      </ul>
      <p class={goesOn ? 'further on' : 'further'}>{further}</p>
    </li>
  );
}

/** A category at the end of a way. */
function Leaf({ type, taken }: { type: Type; taken: boolean }): JSX.Element {
  return (
    <span class="leaf">
      <i class={`swatch ${typeClass(type)}`} />
      {typeNames[type]}
      {taken && <small> ✓ this test</small>}
    </span>
  );
}

function answerMeaning({ status, has_sessions }: Answer): string {
  if (has_sessions !== undefined) return has_sessions ? 'has sessions' : 'no sessions';
  return status === 200 ? 'available' : 'not available';
}
