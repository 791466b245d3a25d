import type { ComponentChildren, JSX } from 'preact';
import { Command, CopyableCommand } from './command.tsx';
import { Panel } from './panel.tsx';

/** How to begin, for an account of which nothing is known. */
export function Steps(): JSX.Element {
  return (
    <Panel id="steps" heading="h1" title="Nothing here yet" note="Three steps to an inventory">
      <ol class="steps">
        <Step title="Put the credentials into .env">
          <span class="hint">
            <code>CLIENT_ID</code> and <code>CLIENT_SECRET</code>, which UserTesting support gives. Others should not be
            able to read the file: <code>chmod 600 .env</code>.
          </span>
        </Step>
        <Step title="Check them">
          <span class="hint">It asks the API and Redis, and says what is wrong.</span>
          <CopyableCommand name="doctor" />
        </Step>
        <Step title="Classify the tests">
          <span class="hint">This page shows how far it is. Stopped at any time, the same command continues.</span>
          <CopyableCommand name="start" args="--all" />
        </Step>
      </ol>
      <p class="hint">
        Just trying? <Command name="demo" /> shows all of it on a simulated account.
      </p>
    </Panel>
  );
}

function Step({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <li>
      <b>{title}</b>
      {children}
    </li>
  );
}
