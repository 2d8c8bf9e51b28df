import { join } from 'node:path'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { codeFirst } from './build/code-first.ts'
import { leanIcons } from './build/lean-icons.ts'
import { precompress } from './build/precompress.ts'
import { preloadFonts } from './build/preload-fonts.ts'

const SUSPENSE = ['suspense', 'errorBoundaryUtils', 'QueryErrorResetBoundary']

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    react(),
    tailwind(),
    leanIcons(),
    preloadFonts(/hanken-grotesk-latin-wght|newsreader-latin-500/),
    codeFirst(),
    precompress(),
  ],
  resolve: {
    alias: {
      // React has had it since 18; the router asks for a substitute.
      'use-sync-external-store/shim/index.js': 'react',
      regexparam: join(import.meta.dirname, 'src/no-patterns.ts'),
      ...Object.fromEntries(
        SUSPENSE.map(file => [`./${file}.js`, join(import.meta.dirname, 'src/no-suspense.ts')]),
      ),
      './timeoutManager.js': join(import.meta.dirname, 'src/plain-timers.ts'),
      './mutationCache.js': join(import.meta.dirname, 'src/no-mutations.ts'),
      '../createLucideIcon.mjs': join(import.meta.dirname, 'src/components/create-icon.ts'),
    },
  },
  build: {
    target: 'es2023',
    // A data: URL would need `data:` in the CSP for fonts and styles; every asset stays a file.
    assetsInlineLimit: 0,
    // Whatever comes later finds nearly all it needs in the first chunk; the code that preloads the rest costs 0.6 kB.
    modulePreload: false,
    reportCompressedSize: false,
    // What stands before the list does, as one chunk: 6 kB less than in the many that sharing with lazy code makes.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'first', test: /src\/main\.tsx$/ }] } },
    },
  },
})
