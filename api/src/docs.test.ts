import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Json, openTestApi } from '../test/open-api.ts'

let product: Awaited<ReturnType<typeof openTestApi>>

before(async () => {
  product = await openTestApi()
})
after(() => product.close())

const operations = (document: Json): Json[] =>
  Object.values(document.paths as Json).flatMap(item => Object.values(item as Json))

describe('documents', () => {
  test('the OpenAPI document is complete: every route, its security and its problems', async () => {
    const { json } = await product.request('/api/openapi.json')
    assert.match(json.openapi, /^3\.1/)
    assert.deepEqual(
      Object.fromEntries(
        Object.entries(json.paths as Json).map(([path, item]) => [path, Object.keys(item as Json).sort()]),
      ),
      {
        '/api/{user_id}/tasks': ['get', 'patch', 'post'],
        '/api/{user_id}/tasks/{id}': ['delete', 'get', 'patch', 'put'],
        '/api/{user_id}/tasks/{id}/complete': ['patch'],
        '/api/{user_id}/tasks/{id}/restore': ['post'],
        '/api/{user_id}/lists': ['get'],
        '/api/{user_id}/lists/{id}': ['delete', 'get', 'patch', 'put'],
        '/api/{user_id}/lists/{id}/restore': ['post'],
        '/api/{user_id}/tags': ['get'],
        '/api/{user_id}/tags/{id}': ['delete', 'patch'],
        '/api/{user_id}/tags/{id}/merge': ['post'],
        '/api/{user_id}/trash': ['delete'],
        '/api/{user_id}/trash/{id}': ['delete'],
        '/api/{user_id}/counts': ['get'],
      },
    )
    assert.equal(json.components.securitySchemes.accessToken.scheme, 'bearer')
    for (const operation of operations(json)) {
      assert.deepEqual(operation.security, [{ accessToken: [] }])
      for (const status of ['401', '404', '405', '500', '503'])
        assert.ok(
          operation.responses[status].content['application/problem+json'],
          `${operation.operationId} ${status}`,
        )
    }
    assert.deepEqual(Object.keys(json.components.schemas.Task.properties).slice(0, 7), [
      'id',
      'user_id',
      'title',
      'description',
      'completed',
      'created_at',
      'updated_at',
    ])
    assert.equal(json.components.schemas.NewTask.additionalProperties, false)
    assert.deepEqual(json.components.schemas.NewTask.properties.priority.enum, [1, 2, 3, 4])
    assert.deepEqual(json.components.schemas.Task.properties.priority.enum, [1, 2, 3, 4])
    assert.deepEqual(json.components.schemas.NewTask.required, ['title'])
    const core = operations(json).filter(operation => operation.tags.includes('Tasks'))
    assert.deepEqual(core.map(operation => operation.operationId).sort(), [
      'changeTask',
      'createTask',
      'deleteTask',
      'listTasks',
      'readTask',
      'replaceTask',
      'toggleTask',
    ])
    assert.ok(!JSON.stringify(json).includes('undefined'))
    for (const [, ref = ''] of JSON.stringify(json).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      assert.ok(json.components.schemas[ref], ref)
  })
  test('the docs page has nothing inline', async () => {
    const page = await product.request('/api/docs')
    assert.match(page.headers.get('content-type')!, /^text\/html/)
    assert.ok(!/<script(?! src=)|<style|style=|onload=/i.test(page.text))
    assert.ok(!/unsafe/.test(page.headers.get('content-security-policy')!))
    for (const [, path = ''] of page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g))
      assert.equal((await product.request(path)).status, 200, path)
  })
})
