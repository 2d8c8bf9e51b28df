/** RFC 8288: the query of the page that the `Link` header calls next, or null on the last page. */
export function readNextPage(link: string | null, base: string): string | null {
  for (const [, target, parameters] of (link ?? '').matchAll(
    /<([^>]*)>((?:\s*;\s*[^,;"=]+(?:=(?:"[^"]*"|[^\s,;"]+))?)*)/g,
  )) {
    const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters ?? '')
    const relations = (relation?.[1] ?? relation?.[2] ?? '').toLowerCase().split(/\s+/)
    if (relations.includes('next')) return URL.parse(target ?? '', base)?.search || null
  }
  return null
}
