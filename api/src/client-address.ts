import { type BlockList, isIP, isIPv6 } from 'node:net'

/**
 * The address a request comes from: the TCP peer, or, when that is a trusted proxy, the right-most address in
 * X-Forwarded-For that is none. What stands further left was written by the client and proves nothing.
 */
export function clientAddress(headers: Headers, peer: string, trustedProxies: BlockList): string {
  let client = plainAddress(peer)
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map(hop => plainAddress(hop.trim()))
  while (isTrusted(client, trustedProxies) && hops.length > 0) {
    const next = hops.pop()!
    if (!isIP(next)) break
    client = next
  }
  return client
}

function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

function isTrusted(address: string, trustedProxies: BlockList): boolean {
  return isIP(address) !== 0 && trustedProxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
