import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { pino } from 'pino'
import { FEED_SECRET, startFeed } from '../test/issuer-stand-in.ts'
import { until } from '../test/until.ts'
import { createRevocationReader, type RevocationReader } from './revocations.ts'

let feed: Awaited<ReturnType<typeof startFeed>>
let time: { monotonic: number; wall: number }
let lines: Record<string, unknown>[]
let reader: RevocationReader

const TTL = 3_600

function open(given: Partial<Parameters<typeof createRevocationReader>[0]> = {}) {
  const log = pino({ level: 'debug' }, { write: line => lines.push(JSON.parse(line)) })
  const clocks = { monotonic: () => time.monotonic, wall: () => time.wall }
  return createRevocationReader({
    url: feed.url,
    secret: FEED_SECRET,
    ttl: TTL,
    clocks,
    fetch,
    log,
    ...given,
  })
}

async function answers(count = 2): Promise<void> {
  const target = feed.polls.length + count
  await until(() => feed.polls.length >= target)
}

beforeEach(async () => {
  feed = await startFeed()
  time = { monotonic: 1_000, wall: 1_800_000_000_000 }
  lines = []
  reader = open()
})
afterEach(async () => {
  await reader.close()
  feed.close()
})

describe('the reader', () => {
  test('is not ready, knows no time and holds no lease before the first snapshot', async () => {
    assert.equal(reader.ready(), false)
    assert.equal(reader.leased(), false)
    assert.equal(reader.now(), null)
    feed.fault = response => response.writeHead(503).end()
    reader.start()
    await until(() => lines.length > 0)
    assert.equal(reader.ready(), false)
  })
  test('asks for everything first, then for what follows what it has applied', async () => {
    feed.revoke('before')
    reader.start()
    await answers(2)
    assert.ok(reader.has('before'))
    assert.equal(feed.polls[0]!.after, undefined)
    assert.equal(feed.polls[1]!.after, 'e1.1')
    assert.match(feed.polls[0]!.instance, /^[0-9a-f-]{36}$/)
    assert.equal(feed.polls[1]!.instance, feed.polls[0]!.instance)
  })
  test('applies an entry before the poll that acknowledges it', async () => {
    reader.start()
    await answers(1)
    feed.revoke('s1')
    await until(() => feed.polls.at(-1)!.after === 'e1.1')
    assert.ok(reader.has('s1'))
    assert.ok(!reader.has('s2'))
  })
  test('has an instance id of its own in every process', async () => {
    const other = open()
    reader.start()
    other.start()
    await until(() => new Set(feed.polls.map(poll => poll.instance)).size === 2)
    await other.close()
  })
  test('keeps what it knows when the feed starts again under another epoch', async () => {
    feed.revoke('s1')
    reader.start()
    await answers(2)
    feed.epoch = 'e2'
    await until(() => feed.polls.at(-1)!.after === 'e2.1')
    assert.ok(reader.has('s1'))
  })
  test('a part of very many entries makes nobody ready, and takes no lease away', async () => {
    feed.leaseMs = 0
    feed.revoke('s1')
    reader.start()
    await answers(2)
    assert.ok(reader.has('s1'))
    assert.equal(reader.ready(), false)
    feed.leaseMs = 2_000
    await until(() => reader.ready())
    feed.leaseMs = 0
    await answers(2)
    assert.ok(reader.leased())
  })
  test('tells the time of the feed, moved on by its own monotonic clock alone', async () => {
    feed.now = () => 5_000_000
    feed.hold = 60_000
    reader.start()
    await until(() => reader.now() !== null)
    time.monotonic += 700
    time.wall += 10_000_000
    assert.equal(reader.now(), 5_000_700)
  })
  test('takes no time back from a feed that is set back', async () => {
    feed.now = () => 7_200_000
    reader.start()
    await until(() => reader.now() !== null)
    time.monotonic += 1_000
    feed.now = () => 1
    await answers(3)
    assert.ok(reader.now()! >= 7_200_999)
  })
})

describe('the lease', () => {
  beforeEach(async () => {
    feed.hold = 60_000
    reader.start()
    await until(() => reader.ready())
  })
  test('ends by the monotonic clock', () => {
    time.monotonic += 1_999
    assert.equal(reader.leased(), true)
    time.monotonic += 1
    assert.equal(reader.leased(), false)
  })
  test('ends by the wall clock, should the other stand still', () => {
    time.wall += 2_000
    assert.equal(reader.leased(), false)
  })
  test('is not ready while it is not held', () => {
    time.monotonic += 2_000
    assert.equal(reader.ready(), false)
  })
})

describe('an answer', () => {
  test('counts from the moment its poll was sent, not from its arrival', async () => {
    const sent = time.monotonic
    feed.fault = (response, { nonce }) => {
      time.monotonic += 1_500
      feed.fault = null
      feed.hold = 60_000
      response.writeHead(200, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ now: 1, epoch: 'e1', seq: 0, entries: [], lease_ms: 2_000, nonce }))
    }
    reader.start()
    await until(() => reader.now() !== null)
    time.monotonic = sent + 1_999
    assert.equal(reader.leased(), true)
    time.monotonic = sent + 2_000
    assert.equal(reader.leased(), false)
  })
  test('that is not what was agreed extends nothing', async () => {
    const good = { now: 1, epoch: 'e1', seq: 0, entries: [], lease_ms: 2_000 }
    const bad = [
      null,
      [],
      // Of another poll: delivered twice, or by a cache.
      { ...good, nonce: 'another' },
      { ...good, now: '1' },
      { ...good, entries: [{}] },
      { ...good, lease_ms: '2' },
      { ...good, seq: 0.5 },
    ]
    for (const answer of bad) {
      const alone = open()
      feed.fault = (response, { nonce }) => response.end(JSON.stringify(answer && { nonce, ...answer }))
      alone.start()
      await until(() => lines.length > 0)
      assert.equal(alone.ready(), false)
      await alone.close()
      lines.length = 0
    }
  })
  test('that never comes is asked for again, and that one is to wait for no news', async () => {
    reader.start()
    await answers(2)
    let unanswered = 0
    feed.fault = () => {
      unanswered += 1
      feed.fault = null
    }
    await until(() => unanswered > 0)
    const before = feed.polls.length
    await answers(2)
    const [next, after] = feed.polls.slice(before).map(poll => poll.hold)
    assert.deepEqual([next, after], [false, true])
    assert.equal(feed.polls[before - 1]!.hold, true)
  })
  test('that never comes is given up after a second', async () => {
    reader.start()
    await answers(1)
    const since = Date.now()
    time.monotonic += 2_000
    feed.fault = () => {}
    await until(() => lines.length > 0)
    assert.ok(Date.now() - since < 1_800)
    assert.equal(lines[0]!.reason, 'TimeoutError')
  })
  test('whose fetch ignores its signal is given up all the same', async () => {
    let calls = 0
    const deaf: typeof fetch = (url, init) => (calls++ === 0 ? fetch(url, init) : new Promise(() => {}))
    const alone = open({ fetch: deaf })
    alone.start()
    await until(() => alone.ready())
    time.monotonic += 2_000
    await until(() => lines.length > 0)
    assert.equal(lines[0]!.event, 'revocation_feed_lost')
    await alone.close()
  })
  test('with more sessions than can be kept leaves the API without a lease', async () => {
    for (const sid of ['a', 'b', 'c']) feed.revoke(sid)
    const alone = open({ maxEntries: 2 })
    alone.start()
    await until(() => lines.length > 0)
    assert.equal(lines[0]!.reason, 'too_many_entries')
    assert.equal(alone.ready(), false)
    await alone.close()
  })
})

test('entries are kept for the lifetime of a token and ten minutes, by elapsed time', async () => {
  feed.revoke('old')
  reader.start()
  await answers(2)
  time.wall += 100 * TTL * 1000
  await answers(2)
  assert.ok(reader.has('old'))
  time.monotonic += TTL * 1000 + 600_000
  await answers(2)
  assert.ok(reader.has('old'))
  time.monotonic += 1
  await answers(2)
  assert.ok(!reader.has('old'))
})

test('loss and recovery of the feed are logged once each, and no secret with them', async () => {
  reader.start()
  await answers(1)
  feed.fault = response => response.writeHead(401).end()
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.equal(lines.length, 0, 'polls that fail are no loss while the lease is held')
  time.monotonic += 2_000
  await until(() => lines.length > 0)
  await new Promise(resolve => setTimeout(resolve, 500))
  feed.fault = null
  await until(() => lines.length > 1)
  assert.deepEqual(
    lines.map(line => [line.event, line.reason]),
    [
      ['revocation_feed_lost', 'status_401'],
      ['revocation_feed_recovered', undefined],
    ],
  )
  assert.ok(!JSON.stringify(lines).includes(FEED_SECRET))
})
