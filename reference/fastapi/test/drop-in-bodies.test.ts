// What both APIs say to a body.
import { describe, test } from 'node:test'
import { bothSay, JSON_TYPE, make, tasks } from './both.ts'

describe('a body', () => {
  const bodies = [
    ...['', ' ', '{', 'null', '[]', '1', 'true', '"x"', '{}', '[{}]', '{"title":"x",}', "{'title':'x'}"],
    ...['{"title":NaN}', '{"title":Infinity}', '{"title":"\u0001"}', '\ufeff{"title":"x"}', '{"title":"x"}x'],
    ...[
      1,
      null,
      true,
      [],
      {},
      '',
      'x',
      'x'.repeat(200),
      'x'.repeat(201),
      '😀'.repeat(200),
      '😀'.repeat(201),
    ].map(title => JSON.stringify({ title })),
    ...[
      String.raw`\u0000`,
      String.raw`\ud800`,
      String.raw`\udc00\ud800`,
      String.raw`\ud83d\ude00`,
      String.raw`\u2028`,
    ].map(text => `{"title":"${text}","description":"${text}"}`),
    ...[1, null, true, [], {}, '', 'x'.repeat(10_000), 'x'.repeat(10_001), '😀'.repeat(10_000)].map(
      description => JSON.stringify({ title: 'x', description }),
    ),
    ...[1, null, true, false, 'true', [], 0].map(completed => JSON.stringify({ title: 'x', completed })),
    '{"title":"x","user_id":"y"}',
    '{"title":"x","id":1,"~/":2,"__proto__":3,"constructor":4}',
    `{"title":"x","${'k'.repeat(101)}":1}`,
    JSON.stringify(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`member${at}`, at]))),
    '{"title":"x","title":1}',
    '{"title":1,"title":"last"}',
    '{"title":"x","description":1,"completed":2}',
    `{"title":"x","number":${'9'.repeat(5_000)}}`,
    `{"title":${'['.repeat(20_000)}`,
    ` \n\t{ "title" : "\\u0041\\n" } `,
  ]

  test('makes a task, or is refused with the same words', async () => {
    for (const body of bodies) await bothSay({ method: 'POST', headers: JSON_TYPE, body })
    const bytes = Buffer.from([...Buffer.from('{"title":"'), 0xff, ...Buffer.from('"}')])
    await bothSay({ method: 'POST', headers: JSON_TYPE, body: bytes })
  })

  test('replaces or changes one, or is refused with the same words', async () => {
    for (const method of ['PUT', 'PATCH']) {
      const { id } = await make('ours', 'to be changed')
      for (const body of bodies) await bothSay({ method, path: `${tasks()}/${id}`, headers: JSON_TYPE, body })
    }
  })

  test('has a media type, an encoding and a size', async () => {
    const body = '{"title":"x"}'
    const types = [
      ...[
        'application/json',
        'Application/JSON',
        'application/json; charset=utf-8',
        'application/json;charset="UTF-8"',
      ],
      ...['application/json; charset=latin1', 'application/json; x=y', 'text/plain', '', 'application/jsonx'],
      ...[
        'application/merge-patch+json',
        'application/problem+json',
        'multipart/form-data',
        'application/json, text/plain',
      ],
    ]
    const { id } = await make('ours', 'to be changed')
    for (const type of types) {
      await bothSay({ method: 'POST', headers: { 'Content-Type': type }, body })
      await bothSay({ method: 'PATCH', path: `${tasks()}/${id}`, headers: { 'Content-Type': type }, body })
    }
    await bothSay({ method: 'POST', body })
    for (const encoding of ['identity', 'Identity', 'gzip', 'br, identity', ''])
      await bothSay({ method: 'POST', headers: { ...JSON_TYPE, 'Content-Encoding': encoding }, body })
    const padded = (size: number) => `{"title":"x"}${' '.repeat(size - 13)}`
    for (const size of [65_535, 65_536])
      await bothSay({ method: 'POST', headers: JSON_TYPE, body: padded(size) })
    // Whether the connection goes on depends on how much of the body has arrived.
    for (const size of [65_537, 200_000])
      await bothSay({ method: 'POST', headers: { ...JSON_TYPE, Connection: 'close' }, body: padded(size) })
  })
})
