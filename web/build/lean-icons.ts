import type { Plugin } from 'vite'

/** The icons name each of their lines for React, which `create-icon.ts` has no need of: half a kilobyte of chance. */
export function leanIcons(): Plugin {
  return {
    name: 'latchkey:lean-icons',
    transform: {
      filter: { id: /lucide-react\/dist\/esm\/icons\// },
      handler: code =>
        code.replaceAll(/,\s*key: "\w+"/g, '').replaceAll(/^ {2}(name|size|aliases): .*,\n/gm, ''),
    },
  }
}
