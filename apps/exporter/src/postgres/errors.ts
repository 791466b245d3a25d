import { messageOf, printable } from '@inventory/logger';

/** The tables in PostgreSQL could not be written, and are as they were. Processes end with 1. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';

  constructor(why: string, cause?: unknown) {
    super(`PostgreSQL: ${why}`, { cause });
  }
}

/** Where the database is, without a password. */
export interface PostgresPlace {
  /** Name or IP address, or the folder of a socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

type Explain = (place: PostgresPlace) => string;

const untrusted: Explain = ({ host }) =>
  `the certificate of ${host} is not trusted: add &sslrootcert=FILE with the certificate of its authority to the ` +
  'address, or set NODE_EXTRA_CA_CERTS.';

const unknownHost: Explain = ({ host }) =>
  `there is no host ${host}, or this machine's DNS does not know it: check the host in the address.`;
const notListening: Explain = (place) =>
  `nothing listens at ${addressOf(place)}: check host and port, whether PostgreSQL runs there, and its listen_addresses.`;
const silent: Explain = (place) =>
  `${addressOf(place)} does not answer: check host and port, and whether a firewall is in between.`;
const notConnected: Explain = (place) =>
  `no connection to ${addressOf(place)}: check host and port, and whether it is a PostgreSQL.`;

function addressOf({ host, port }: PostgresPlace): string {
  return host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const wrongPassword: Explain = ({ user }) =>
  `the password of ${user} is wrong or missing: set PGPASSWORD, or write it into ~/.pgpass or the address.`;

const changed: Explain = ({ database }) =>
  `the tables of the export in ${database} are not as this program has made them: drop both of them to start over, or ` +
  'choose another schema by adding ?options=-c%20search_path%3DSCHEMA to the address.';

/** By SQLSTATE, or the code of an error of Node. */
const explanations: Readonly<Record<string, Explain>> = {
  '28P01': wrongPassword,
  '28000': ({ host, user }) => `${host} refuses ${user}: see its pg_hba.conf.`,
  '3D000': ({ database }) => `there is no database ${database}: create it (createdb ${database}), or correct its name.`,
  '42501': ({ user, database }) =>
    `${user} may not do this in ${database}: grant usage, create on schema SCHEMA to ${user}; the tables must be its own.`,
  '3F000': () => 'the search_path names no schema that exists: create schema SCHEMA.',
  '25006': ({ host }) => `${host} only lets read (a replica?): name the primary server.`,
  '53300': ({ host }) => `${host} has no free connection: try again later.`,
  '57P03': (place) => `${addressOf(place)} is starting or stopping: try again in a minute.`,
  '42P01': changed,
  '42P07': changed,
  '42703': changed,
  '42804': changed,
  '23502': changed,
  '55P03': () => 'another export has been writing for ten seconds: try again when it has ended.',
  ECONNREFUSED: notListening,
  ENOENT: notListening,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  ETIMEDOUT: silent,
  EHOSTUNREACH: silent,
  ENETUNREACH: silent,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: ({ host }) => `the certificate of ${host} has expired.`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }) => `the certificate of ${host} is for another host name.`,
};

/** What the client says without a code, or what tells more than the code. */
const byText: readonly (readonly [RegExp, Explain])[] = [
  [/does not support SSL/, ({ host }) => `${host} has no TLS: remove sslmode, if you trust the network.`],
  [/no encryption/, ({ host }) => `${host} wants TLS: add ?sslmode=require to the address.`],
  [/client password must be a string/, wrongPassword],
  [/timeout (expired|exceeded)/, silent],
  [/read timeout/, (place) => `${addressOf(place)} has not answered for a minute: try again later.`],
];

/**
 * What is wrong, and what to do, for anything that the client of PostgreSQL throws.
 * @param connecting whether there has been no connection yet
 */
export function explainPostgres(
  error: unknown,
  { connecting, ...place }: PostgresPlace & { readonly connecting: boolean },
): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = printable(messageOf(error));
  const explain = byText.find(([text]) => text.test(said))?.[1] ?? explanations[code] ?? (connecting && notConnected);
  if (explain) return new PostgresError(`${explain(place)} (${said})`, error);
  const which = code === '' ? '' : ` (${code})`;
  return new PostgresError(`${said}${which}; an export is all or nothing, so run it again.`, error);
}
