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
  const wanted = Object.values(bundle).find(output => output.type === 'chunk' && output.name === name)
  if (wanted?.type !== 'chunk') throw new Error(`There is no chunk "${name}" to preload`)
  return [...importsOf(bundle, wanted.fileName)].map(file => link({ rel: 'modulepreload', href: `/${file}` }))
}

function importsOf(bundle: Bundle, file: string, seen = new Set<string>()): Set<string> {
  const output = bundle[file]
  if (output?.type !== 'chunk' || output.isEntry || seen.has(file)) return seen
  seen.add(file)
  for (const imported of output.imports) importsOf(bundle, imported, seen)
  return seen
}

function link(attrs: Record<string, string>): HtmlTagDescriptor {
  return { tag: 'link', attrs: { ...attrs, crossorigin: true }, injectTo: 'head' }
}
