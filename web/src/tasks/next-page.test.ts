import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readNextPage } from './next-page.ts'

const BASE = 'https://todo.example/api/ada/tasks'

test('the last page has no next one', () => {
  assert.equal(readNextPage(null, BASE), null)
  assert.equal(readNextPage('', BASE), null)
  assert.equal(readNextPage('</api/ada/tasks?limit=5>; rel="first"', BASE), null)
})

test('the next page is found among others, relative or absolute, quoted or not', () => {
  assert.equal(readNextPage('<?after=a,b&limit=2>; rel="next"', BASE), '?after=a,b&limit=2')
  assert.equal(readNextPage('</api/ada/tasks?after=x>; rel=next', BASE), '?after=x')
  assert.equal(
    readNextPage('</x>; rel="first", <https://todo.example/y?after=2>; title="a"; rel="last next"', BASE),
    '?after=2',
  )
})

test('only the query is taken, so a token never follows a link to another host', () => {
  assert.equal(readNextPage('<https://evil.example/steal?after=2>; rel="next"', BASE), '?after=2')
})

test('a link that is none is no next page', () => {
  assert.equal(readNextPage('<http://[>; rel="next"', BASE), null)
  assert.equal(readNextPage('next', BASE), null)
})
