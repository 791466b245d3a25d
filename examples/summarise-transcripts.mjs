// Hands the transcripts of new think-out-loud tests to a model. A job for cron: it does what is new, then ends.
// Transcripts are in memory only, for one test at a time: they are neither stored nor logged.
// ACCESS_TOKEN and API_BASE_URL: of UserTesting, as in .env. BOARD_URL: of npm run board. CURSOR_FILE: how far it came.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const {
  ACCESS_TOKEN,
  API_BASE_URL = 'https://api.use2.usertesting.com',
  BOARD_URL = 'http://127.0.0.1:3000',
  CURSOR_FILE = 'transcripts.cursor',
  // UserTesting counts these requests together with those of the workers: this leaves most of the rate to them.
  PAUSE_MS = '5000',
} = process.env;

for (let cursor = await readFile(CURSOR_FILE, 'utf8').catch(() => ''); ; ) {
  const answer = await fetch(`${BOARD_URL}/api/changes${cursor && `?since=${cursor}`}`);
  if (answer.status === 410) throw new Error(`${CURSOR_FILE} is too old: remove it. ${(await answer.json()).detail}`);
  if (!answer.ok) throw new Error(`The board answered ${answer.status}`);
  const changes = (await answer.text()).split('\n').filter(Boolean).map(JSON.parse);
  if (changes.length === 0) break;
  for (const change of changes) {
    if (change.to === 'think-out-loud test') await work(change);
    // Only now: whoever dies in between begins with this test again.
    await writeFile(`${CURSOR_FILE}.new`, change.cursor);
    await rename(`${CURSOR_FILE}.new`, CURSOR_FILE);
    cursor = change.cursor;
  }
}

async function work({ test_uuid: uuid, title }) {
  const answer = await ask(`/api/v2/sessionResults?testId=${uuid}&offset=0&limit=10`);
  // A test that is gone by now has none.
  const { sessions } = answer.ok ? await answer.json() : { sessions: [] };
  const transcripts = [];
  for (const { sessionId } of sessions) {
    const answer = await ask(`/api/v2/sessionResults/${sessionId}/transcript`);
    if (answer.ok) transcripts.push(await answer.text());
  }
  console.log(`${title ?? uuid}: ${await summarise(transcripts)}`);
}

/** Asks UserTesting, and waits as long as it says. A 404 is an answer too: there is no transcript. */
async function ask(path) {
  for (;;) {
    await sleep(Number(PAUSE_MS));
    const answer = await fetch(`${API_BASE_URL}${path}`, { headers: { authorization: `Bearer ${ACCESS_TOKEN}` } });
    if (answer.ok || answer.status === 404) return answer;
    if (answer.status !== 429) throw new Error(`UserTesting answered ${answer.status}`);
    await sleep(1000 * Number(answer.headers.get('retry-after') || 60));
  }
}

/** Stands for your model. What it returns is printed, so it should quote no participant. */
async function summarise(transcripts) {
  const words = transcripts.join('\n').match(/\p{L}+/gu) ?? [];
  return `${transcripts.length} transcripts, ${words.length} words`;
}
