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
  readonly host: string;
  readonly database: string;
  readonly user: string;
}

type Explain = (place: PostgresPlace) => string;

const untrusted: Explain = ({ host }) =>
  `the certificate of ${host} is not trusted: add &sslrootcert=FILE with the certificate of its authority to the ` +
  'address, or set NODE_EXTRA_CA_CERTS.';
const unreachable: Explain = ({ host }) => `${host} cannot be reached: check host and port, and whether it runs.`;

const wrongPassword: Explain = ({ user }) =>
  `the password of ${user} is wrong or missing: set PGPASSWORD, or write it into ~/.pgpass or the address.`;

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
  '55P03': () => 'another export has been writing for ten seconds: try again when it has ended.',
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENOENT: unreachable,
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
  [/timeout (expired|exceeded)/, unreachable],
];

/** What is wrong, and what to do, for anything that the client of PostgreSQL throws. */
export function explainPostgres(error: unknown, place: PostgresPlace): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = printable(messageOf(error));
  const explain = byText.find(([text]) => text.test(said))?.[1] ?? explanations[code];
  if (explain !== undefined) return new PostgresError(`${explain(place)} (${said})`, error);
  const which = code === '' ? '' : ` (${code})`;
  return new PostgresError(`${said}${which}; an export is all or nothing, so run it again.`, error);
}
