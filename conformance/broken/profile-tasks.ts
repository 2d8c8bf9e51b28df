// The part of the good server's profile that is about tasks.
const TASKS = '/api/{user}/tasks'

export const routes = {
  list: { method: 'GET', path: TASKS },
  create: { method: 'POST', path: TASKS, body: { title: 'A task {random}' } },
  read: { method: 'GET', path: `${TASKS}/{id}` },
  replace: { method: 'PUT', path: `${TASKS}/{id}`, body: { title: 'Replaced {random}' } },
  change: { method: 'PATCH', path: `${TASKS}/{id}`, body: { title: 'Changed {random}' } },
  delete: { method: 'DELETE', path: `${TASKS}/{id}` },
  complete: { method: 'PATCH', path: `${TASKS}/{id}/complete` },
  bulk: { method: 'PATCH', path: TASKS, body: { changes: [{ id: '{id}', completed: true }] } },
  restore: { method: 'POST', path: `${TASKS}/{id}/restore` },
  trash: { method: 'GET', path: '/api/{user}/trash' },
  'empty-trash': { method: 'DELETE', path: '/api/{user}/trash' },
  purge: { method: 'DELETE', path: '/api/{user}/trash/{id}' },
  'put-list': { method: 'PUT', path: '/api/{user}/lists/{id}', body: { name: 'A list {random}' } },
  'read-list': { method: 'GET', path: '/api/{user}/lists/{id}' },
  counts: { method: 'GET', path: '/api/{user}/counts' },
  export: { method: 'GET', path: '/api/{user}/export.csv' },
}

export const task = {
  id: 'id',
  title: 'title',
  description: 'description',
  completed: 'completed',
  owner: 'user_id',
  members: [
    'id',
    'user_id',
    'title',
    'description',
    'completed',
    'list',
    'parent',
    'created_at',
    'updated_at',
  ],
}

export const choices = {
  twoSpaces: 'accepted',
  encodedOwnId: 'accepted',
  byteOrderMark: 'refused',
  requestTimeout: 2,
  sorts: ['newest', 'title'],
  filters: ['ids={task}', 'parent={task}', 'q={canary}', 'completed=true'],
  references: ['parent', 'list=put-list'],
}
