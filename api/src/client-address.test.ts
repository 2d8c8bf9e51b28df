import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import test from 'node:test'
import { clientAddress } from './client-address.ts'

const trusted = new BlockList()
trusted.addSubnet('10.0.0.0', 8, 'ipv4')
trusted.addSubnet('fd00::', 8, 'ipv6')
const address = (peer: string, forwarded?: string) =>
  clientAddress(new Headers(forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded }), peer, trusted)

test('a client writes no address but its own', () => {
  assert.equal(address('203.0.113.9', '198.51.100.1'), '203.0.113.9')
  assert.equal(address('::ffff:203.0.113.9', '198.51.100.1'), '203.0.113.9')
})

test('behind trusted proxies it is the right-most hop that is none of them', () => {
  assert.equal(address('10.0.0.1'), '10.0.0.1')
  assert.equal(address('10.0.0.1', '198.51.100.1'), '198.51.100.1')
  assert.equal(address('::ffff:10.0.0.1', '6.6.6.6, 198.51.100.1, 10.0.0.2'), '198.51.100.1')
  assert.equal(address('fd00::1', '6.6.6.6, 2001:db8::1'), '2001:db8::1')
  assert.equal(address('10.0.0.1', '6.6.6.6, garbage'), '10.0.0.1')
  assert.equal(address('10.0.0.1', ''), '10.0.0.1')
})
