import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite'

type Bundle = Rolldown.OutputBundle

/** Asks for the two text faces of the first paint beside the code instead of after it. */
export function preloadFonts(fonts: RegExp): Plugin {
  return {
    name: 'latchkey:preload-fonts',
    apply: 'build',
    enforce: 'post',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) => fontLinks(bundle, fonts),
    },
  }
}

function fontLinks(bundle: Bundle, fonts: RegExp): HtmlTagDescriptor[] {
  return Object.keys(bundle)
    .filter(file => fonts.test(file) && file.endsWith('.woff2'))
    .map(file => link({ rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}` }))
}

function link(attrs: Record<string, string>): HtmlTagDescriptor {
  return { tag: 'link', attrs: { ...attrs, crossorigin: true }, injectTo: 'head' }
}
