import { createInterface } from 'node:readline/promises';

/**
 * Asks at the terminal, over stderr since stdout is for results.
 * @returns whether the answer was `yes`; Ctrl-C and the end of input count as no
 */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const given = new AbortController();
  terminal.once('SIGINT', () => given.abort()).once('close', () => given.abort());
  try {
    const answer = await terminal.question(`${question} Type yes: `, {
      signal: AbortSignal.any([signal, given.signal]),
    });
    return answer.trim().toLowerCase() === 'yes';
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}
