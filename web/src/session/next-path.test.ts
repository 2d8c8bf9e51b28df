import assert from 'node:assert/strict'
import { test } from 'node:test'
import { homeView, safeNextPath, signInPath } from './next-path.ts'

const ORIGIN = 'https://todo.example'

test('a path of this page is kept, with its query and fragment', () => {
  assert.equal(safeNextPath('/account', ORIGIN), '/account')
  assert.equal(safeNextPath('/tasks?show=open&edit=1#list', ORIGIN), '/tasks?show=open&edit=1#list')
})

for (const next of [
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/./\\evil.example',
  '/.//evil.example',
  '/..//evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'tasks',
  '',
  '@evil.example',
  'https:evil.example',
  '/\u0000/evil.example',
]) {
  test(`next=${JSON.stringify(next)} leads home, not away`, () => {
    assert.equal(safeNextPath(next, ORIGIN), '/tasks')
  })
}

test('home is Today, or the one list of a backend with the core alone', () => {
  assert.equal(homeView({ features: ['organize'] }), '/today')
  assert.equal(homeView({ features: [] }), '/tasks')
})

test('no next leads home', () => assert.equal(safeNextPath(null, ORIGIN), '/tasks'))

test('next never leads back to signing in, nor to the API', () => {
  for (const next of ['/sign-in', '/sign-in?next=/sign-in', '/sign-up', '/api/auth/sign-out', '/']) {
    assert.equal(safeNextPath(next, ORIGIN), '/tasks')
  }
})

test('the way to sign-in remembers where the person was', () => {
  assert.equal(signInPath('/tasks'), '/sign-in')
  const path = signInPath('/tasks?show=done')
  const next = new URL(path, ORIGIN).searchParams.get('next')
  assert.equal(safeNextPath(next, ORIGIN), '/tasks?show=done')
})
