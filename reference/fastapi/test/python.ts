// The interpreter of the virtual environment that scripts/set-up-python.mjs makes.
import { join } from 'node:path'

export const folder = join(import.meta.dirname, '..')
export const python = join(folder, '.venv/bin/python')
