import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite'

type Bundle = Rolldown.OutputBundle

/**
 * Asks for the two text faces of the first paint, and for the code nearly every visit needs, beside the entry
 * instead of after it.
 */
export function preload(wanted: { fonts: RegExp; chunk: string }): Plugin {
  return {
    name: 'latchkey:preload',
    apply: 'build',
    enforce: 'post',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) => [
        ...fontLinks(bundle, wanted.fonts),
        ...chunkLinks(bundle, wanted.chunk),
      ],
    },
  }
}

function fontLinks(bundle: Bundle, fonts: RegExp): HtmlTagDescriptor[] {
  return Object.keys(bundle)
    .filter(file => fonts.test(file) && file.endsWith('.woff2'))
    .map(file => link({ rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}` }))
}

function chunkLinks(bundle: Bundle, name: string): HtmlTagDescriptor[] {
  const chunks = Object.values(bundle).filter(output => output.type === 'chunk')
  const wanted = chunks.find(chunk => chunk.name === name)
  if (!wanted) throw new Error(`There is no chunk "${name}" to preload`)
  const entries = chunks.filter(chunk => chunk.isEntry)
  const known = new Set(entries.flatMap(entry => [entry.fileName, ...entry.imports]))
  return importsOf(bundle, wanted.fileName)
    .filter(file => !known.has(file))
    .map(file => link({ rel: 'modulepreload', href: `/${file}` }))
}

function importsOf(bundle: Bundle, file: string, seen = new Set<string>()): string[] {
  const output = bundle[file]
  if (output?.type !== 'chunk' || seen.has(file)) return []
  seen.add(file)
  return [file, ...output.imports.flatMap(imported => importsOf(bundle, imported, seen))]
}

function link(attrs: Record<string, string>): HtmlTagDescriptor {
  return { tag: 'link', attrs: { ...attrs, crossorigin: true }, injectTo: 'head' }
}
