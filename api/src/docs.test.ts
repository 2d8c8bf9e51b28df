import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Json, openTestApi } from '../test/open-api.ts'

let product: Awaited<ReturnType<typeof openTestApi>>

before(async () => {
  product = await openTestApi()
})
after(() => product.close())

describe('documents', () => {
  test('the OpenAPI document is complete: every route, its security and its problems', async () => {
    const { json } = await product.request('/api/openapi.json')
    assert.match(json.openapi, /^3\.1/)
    assert.deepEqual(
      Object.fromEntries(
        Object.entries(json.paths as Json).map(([path, item]) => [path, Object.keys(item as Json).sort()]),
      ),
      {
        '/api/{user_id}/tasks': ['get', 'post'],
        '/api/{user_id}/tasks/{id}': ['delete', 'get', 'patch', 'put'],
        '/api/{user_id}/tasks/{id}/complete': ['patch'],
      },
    )
    assert.equal(json.components.securitySchemes.accessToken.scheme, 'bearer')
    for (const item of Object.values(json.paths as Json)) {
      for (const operation of Object.values(item as Record<string, Json>)) {
        assert.deepEqual(operation.security, [{ accessToken: [] }])
        for (const status of ['401', '404', '405', '500', '503'])
          assert.ok(
            operation.responses[status].content['application/problem+json'],
            `${operation.operationId} ${status}`,
          )
      }
    }
    assert.deepEqual(Object.keys(json.components.schemas.Task.properties), [
      'id',
      'user_id',
      'title',
      'description',
      'completed',
      'created_at',
      'updated_at',
    ])
    assert.equal(json.components.schemas.NewTask.additionalProperties, false)
    assert.deepEqual(json.components.schemas.NewTask.required, ['title'])
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
