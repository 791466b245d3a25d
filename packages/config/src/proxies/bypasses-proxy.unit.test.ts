import { describe, expect, it } from 'vitest';
import { bypassesProxy, isLoopback, serverOf } from './bypasses-proxy.ts';

describe('NO_PROXY', () => {
  it.each([
    ['https://api.test', 'api.test'],
    ['https://api.test', 'other.test, api.test'],
    ['https://api.test', 'other.test api.test'],
    ['https://API.test.', 'Api.Test'],
    ['https://v2.api.test', 'api.test'],
    ['https://v2.api.test', '.api.test'],
    ['https://api.test', '.api.test'],
    ['https://v2.api.test', '*.api.test'],
    ['https://api.test', '*'],
    ['https://api.test', 'other,*'],
    ['https://api.test', 'api.test:443'],
    ['http://api.test', 'api.test:80'],
    ['https://api.test:8443', 'api.test:8443'],
    ['https://10.1.2.3', '10.1.2.3'],
    ['https://10.1.2.3', '10.1.0.0/16'],
    ['https://10.1.2.3:99', '10.1.2.3:99'],
    ['https://[2001:db8::1]', '2001:db8::1'],
    ['https://[2001:db8::1]', '[2001:db8:0::1]:443'],
    ['https://[2001:db8::1]', '2001:db8::/32'],
  ])('%s is asked without a proxy by %j', (url, noProxy) => {
    expect(bypassesProxy(serverOf(url), noProxy)).toBe(true);
  });

  it.each([
    ['https://api.test', ''],
    ['https://api.test', ' , '],
    ['https://api.test', 'test2'],
    ['https://myapi.test', 'api.test'],
    ['https://api.test', 'v2.api.test'],
    ['https://api.test', 'api.test:80'],
    ['https://api.test', '.'],
    ['https://10.1.2.3', '10.1.2'],
    ['https://10.1.2.3', '0.1.2.3'],
    ['https://10.1.2.3', '.1.2.3'],
    ['https://10.1.2.3', '10.2.0.0/16'],
    ['https://10.1.2.3', '10.1.2.3/33'],
    ['https://10.1.2.3', '10.1.2.3/'],
    ['https://10.1.2.3', '2001:db8::/32'],
    ['https://[2001:db8::1]', '10.0.0.0/8'],
  ])('%s is asked through the proxy by %j', (url, noProxy) => {
    expect(bypassesProxy(serverOf(url), noProxy)).toBe(false);
  });
});

describe('this machine', () => {
  it.each(['http://localhost:80', 'http://LOCALHOST.', 'http://a.localhost', 'http://127.9.8.7', 'http://[::1]:1'])(
    'is %s',
    (url) => {
      expect(isLoopback(serverOf(url))).toBe(true);
    },
  );

  it.each(['http://localhost.test', 'http://128.0.0.1', 'http://[::2]', 'http://mylocalhost', 'http://0.0.0.0'])(
    'is not %s',
    (url) => {
      expect(isLoopback(serverOf(url))).toBe(false);
    },
  );
});
