// Programs a bench needs besides Node, and what to install where they are missing.
import { spawnSync } from 'node:child_process'

const PROGRAMS: Record<string, { works(): boolean; missing: string }> = {
  python3: {
    works: () =>
      succeeds('python3', ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)']),
    missing: 'Python 3.11 or newer with venv is missing (Debian: python3-venv)',
  },
  wrk: {
    works: () => spawnSync('wrk', ['--version'], { stdio: 'ignore' }).error === undefined,
    missing: 'wrk is missing (Debian: wrk)',
  },
  pgbench: {
    works: () =>
      ['pgbench', '/usr/lib/postgresql/15/bin/pgbench', '/usr/lib/postgresql/17/bin/pgbench'].some(program =>
        succeeds(program, ['--version']),
      ),
    missing: 'pgbench is missing (Debian: postgresql-15)',
  },
}

/** What is missing, in words. */
export function missingFor(names: string[]): string[] {
  return names.map(name => PROGRAMS[name]!).flatMap(({ works, missing }) => (works() ? [] : [missing]))
}

const succeeds = (program: string, args: string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0
