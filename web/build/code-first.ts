import type { Plugin } from 'vite'

/** HTTP/1.1 has six connections: the bundler's kilobyte of helpers does not take one before the code does. */
export function codeFirst(): Plugin {
  return {
    name: 'latchkey:code-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: html => html.replace(/( *<script [^>]*rolldown-runtime.*\n)( *<script .*\n)/, '$2$1'),
    },
  }
}
