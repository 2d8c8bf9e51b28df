import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { test } from 'node:test'
import { clientAddress } from './client-address.ts'

const none = new BlockList()
const proxies = new BlockList()
proxies.addSubnet('10.0.0.0', 8, 'ipv4')
proxies.addSubnet('fd00::', 8, 'ipv6')

function address(peer: string, forwarded?: string, trusted = proxies): string {
  return clientAddress(
    new Headers(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
    peer,
    trusted,
  )
}

test('without trusted proxies nothing in a header counts', () => {
  assert.equal(address('10.0.0.1', '192.0.2.1', none), '10.0.0.1')
  assert.equal(address('192.0.2.9', '192.0.2.1'), '192.0.2.9')
})

test('behind trusted proxies it is the right-most address that is none of them', () => {
  assert.equal(address('10.0.0.1', '198.51.100.1, 192.0.2.1'), '192.0.2.1')
  assert.equal(address('10.0.0.1', '198.51.100.1, 192.0.2.1, 10.2.3.4'), '192.0.2.1')
  assert.equal(address('::ffff:10.0.0.1', '::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(address('fd00::1', '2001:db8::1'), '2001:db8::1')
  assert.equal(address('10.0.0.1', '10.0.0.2, 10.0.0.3'), '10.0.0.2')
})

test('what is no address ends the search at the last proxy', () => {
  for (const forwarded of ['', 'unknown', '192.0.2.1, _hidden', '192.0.2.1:80', '[::1]', ' , ,'])
    assert.equal(address('10.0.0.1', forwarded), '10.0.0.1', forwarded)
  assert.equal(address('10.0.0.1'), '10.0.0.1')
})

test('an address with a zone, as link-local peers have, is looked at like any other', () => {
  assert.equal(address('fe80::1%eth0', '192.0.2.1'), 'fe80::1%eth0')
  assert.equal(address('10.0.0.1', 'fe80::1%eth0'), 'fe80::1%eth0')
  assert.equal(address('', '192.0.2.1'), '')
})
