/** Names with one key are one tag. */
export function tagKey(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
