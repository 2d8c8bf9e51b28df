import { existsSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../web/dist')

/** The page for the issuer to serve, when it has been built. */
export const builtPage = () => (existsSync(folder) ? { pageFolder: folder } : {})
