import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameDevice } from './device-name.ts'

const CASES: [string | null, string | null, string | null][] = [
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    'Chrome',
    'Linux',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
    'Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1',
    'Safari',
    'iPhone',
  ],
  ['Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0', 'Firefox', 'Android'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:150.0) Gecko/20100101 Firefox/150.0',
    'Firefox',
    'macOS',
  ],
  ['curl/8.14.1', 'curl', null],
  ['something else', null, null],
  [null, null, null],
]

for (const [userAgent, browser, system] of CASES) {
  test(`a device is recognised as ${browser ?? 'unknown'} on ${system ?? 'unknown'} (${userAgent?.slice(0, 24)})`, () => {
    assert.deepEqual(nameDevice(userAgent), { browser, system })
  })
}
