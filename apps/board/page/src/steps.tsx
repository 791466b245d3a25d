import type { JSX } from 'preact';
import { CopyButton } from './copy-button.tsx';
import { Panel } from './panel.tsx';

const steps = [
  {
    what: 'Put the credentials into .env',
    how: 'CLIENT_ID and CLIENT_SECRET are from UserTesting support.',
    command: 'install -m 600 .env.example .env',
  },
  { what: 'Check them', how: 'It asks the API and Redis, and says what is wrong.', command: 'npm run doctor' },
  {
    what: 'Classify the tests',
    how: 'This page shows how far it is. Stopped at any time, the same command continues.',
    command: 'npm start -- --all',
  },
];

/** How to begin, for an account of which nothing is known. */
export function Steps(): JSX.Element {
  return (
    <Panel id="steps" title="Nothing here yet" note="Three steps to an inventory">
      <ol class="steps">
        {steps.map(({ what, how, command }) => (
          <li key={command}>
            <b>{what}</b>
            <span class="hint">{how}</span>
            <span class="command">
              <code>{command}</code> <CopyButton text={command} name={command} />
            </span>
          </li>
        ))}
      </ol>
      <p class="hint">
        Just trying? <code>npm run demo</code> shows all of it on a simulated account.
      </p>
    </Panel>
  );
}
