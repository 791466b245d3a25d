import { expect, test } from 'vitest';
import { isHopeless, shortReason, unavailable } from './connection-trouble.ts';
import { parseRedisUrl } from './redis-url.ts';

const target = parseRedisUrl('redis://me:geheim@host:1/2');
const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code });

test.each([
  [coded('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.1:1'), false, 'does not answer (ECONNREFUSED)'],
  [coded('ENOTFOUND', 'getaddrinfo ENOTFOUND host'), false, 'does not answer (ENOTFOUND)'],
  [new Error('LOADING Redis is loading the dataset in memory'), false, 'still loading'],
  [new Error('NOAUTH HELLO must be called with the client already authenticated'), true, 'password'],
  [
    new Error('WRONGPASS invalid username-password pair or user is disabled.'),
    true,
    'refuses the user name or password',
  ],
  [new Error("NOPERM this user has no permissions to run the 'ping' command"), true, 'does not let this user work'],
  [
    new Error(
      "ERR The user executing the script can't run this command or subcommand script: c6539a09, on @user_script:4.",
    ),
    true,
    'does not let this user work',
  ],
  [new Error("ERR ACL failure in script: User me has no permissions to run the 'xadd' command"), true, 'all commands'],
  [
    new Error("MISCONF Redis is configured to save RDB snapshots, but it's unable to"),
    true,
    'takes no writes (MISCONF Redis',
  ],
  [
    new Error('ERR Error running script: @user_script: 3: -MISCONF Errors writing to the AOF file'),
    true,
    'could not save its data',
  ],
  [new Error("READONLY You can't write against a read only replica."), true, 'address of its master'],
  [new Error("OOM command not allowed when used memory > 'maxmemory'."), true, 'is full'],
  [new Error("ERR unknown command 'evalsha', with args beginning with: 'e0e1'"), true, 'does not run Lua scripts'],
  [coded('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'), true, 'NODE_EXTRA_CA_CERTS'],
  [
    coded('ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames"),
    true,
    'No TLS connection',
  ],
  [coded('ERR_SSL_WRONG_VERSION_NUMBER', 'SSL routines:wrong version number'), true, 'No TLS connection'],
  [new Error('ERR DB index is out of range'), true, 'has no database 2'],
  [new Error('ERR This instance has cluster support disabled'), true, 'is not a cluster'],
  [new Error('All sentinels are unreachable. Retrying from scratch after 10ms.'), false, "is the master's name"],
])('%s: waiting is hopeless is %s, and users read "%s"', (error, hopeless, words) => {
  expect(isHopeless(error)).toBe(hopeless);
  expect(unavailable(error, target).message).toContain(words);
});

test('the error of a cluster is the one of its node', () => {
  const error = Object.assign(new Error('Failed to refresh slots cache.'), {
    lastNodeError: new Error('WRONGPASS no'),
  });
  expect(isHopeless(error)).toBe(true);
});

test('a password in the words of Redis is taken out, and the error carries no trace of the command', () => {
  const error = Object.assign(new Error('ERR unknown command HELLO, with args 3 AUTH me geheim'), {
    command: { name: 'hello', args: ['3', 'AUTH', 'me', 'geheim'] },
  });
  expect(shortReason(error, target)).toBe('ERR unknown command HELLO, with args 3 AUTH me [secret]');
  const shown = unavailable(error, target);
  expect([shown.message, shown.cause, JSON.stringify(shown)].join()).not.toContain('geheim');
});
