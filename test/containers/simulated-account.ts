import type { LibraryEntry, LoggedRequest } from '@inventory/sandbox';
import type { System } from './system.ts';

/** The simulated account in its container, seen from the host. */
export class SimulatedAccount {
  readonly url: string;

  constructor({ settings }: System) {
    this.url = `http://127.0.0.1:${settings.SANDBOX_PORT}`;
  }

  /** What points a program on the host to it; the containers know it by another name. */
  get settings(): Readonly<Record<string, string>> {
    return {
      API_BASE_URL: this.url,
      TOKEN_URL: `${this.url}/oauth2/aus1p3vtd8vtm4Bxv0h8/v1/token`,
      CLIENT_ID: 'sandbox-client',
      CLIENT_SECRET: 'sandbox-secret',
      QUEUE_PREFIX: '{demo}',
      CLASSIFY_BY: 'probe',
      REQUEST_INTERVAL_MS: '200',
    };
  }

  /** Results requests since it was started, in the order of their arrival. */
  async requests(): Promise<LoggedRequest[]> {
    return JSON.parse(await this.#read('requests?endpoint=results'));
  }

  /** All tests, with the verdicts to expect. */
  async library(): Promise<LibraryEntry[]> {
    return JSON.parse(await this.#read('library'));
  }

  async #read(path: string): Promise<string> {
    return (await fetch(`${this.url}/sandbox/${path}`)).text();
  }
}
