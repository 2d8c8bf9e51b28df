/**
 * Typed but unsent text, kept for its author across a session that ran out or a reload. sessionStorage: this tab
 * alone, gone with it; keyed by user, so that the next person never sees it.
 */
const PREFIX = 'latchkey:draft:'

export type Drafts = ReturnType<typeof createDrafts>

export function createDrafts(storage: () => Storage) {
  // Storage can be forbidden by the browser's settings; a draft is then only as durable as the page.
  const attempt = <T>(work: (storage: Storage) => T, otherwise: T): T => {
    try {
      return work(storage())
    } catch {
      return otherwise
    }
  }
  const keyOf = (userId: string, name: string) => `${PREFIX}${userId}:${name}`
  const removeWhere = (unwanted: (key: string) => boolean) =>
    attempt(storage => {
      for (const key of Object.keys(storage)) {
        if (key.startsWith(PREFIX) && unwanted(key)) storage.removeItem(key)
      }
    }, undefined)

  return {
    read: (userId: string, name: string) =>
      attempt(storage => storage.getItem(keyOf(userId, name)) ?? '', ''),
    write: (userId: string, name: string, text: string) =>
      attempt(storage => {
        if (text) storage.setItem(keyOf(userId, name), text)
        else storage.removeItem(keyOf(userId, name))
      }, undefined),
    keepOnly: (userId: string) => removeWhere(key => !key.startsWith(keyOf(userId, ''))),
    clear: () => removeWhere(() => true),
  }
}
