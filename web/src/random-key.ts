/** Unguessable and unique. `crypto.randomUUID` is missing on plain http, where a home server may well be. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
