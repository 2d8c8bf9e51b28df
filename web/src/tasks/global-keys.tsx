import { Suspense, useEffect } from 'react'
import { useLocation } from 'wouter'
import { prefetched } from '../components/prefetched.tsx'
import { type Shortcut, useShortcuts, useStartedSequence } from '../components/shortcuts.ts'
import { whenIdle } from '../idle.ts'
import { viewTitles } from './board-texts.ts'
import { focusQuickAdd } from './focus-quick-add.ts'
import { globalKeyTexts as t } from './global-key-texts.ts'
import { openOverlay } from './overlays.ts'
import { useActions, useTaskServices } from './task-services.ts'
import { viewPath } from './views.ts'

const SequenceHint = prefetched(() => import('./sequence-hint.tsx'))

const VIEWS = [
  ['g t', 'today'],
  ['g u', 'upcoming'],
  ['g i', 'inbox'],
  ['g d', 'done'],
  ['g x', 'trash'],
] as const

/** The keys that act wherever one is. */
export function GlobalKeys() {
  const { organizes } = useTaskServices()
  const actions = useActions()
  const [, navigate] = useLocation()
  const started = useStartedSequence()
  useEffect(() => whenIdle(SequenceHint.prefetch), [])
  const go = (keys: string, label: string, path: string): Shortcut => ({
    ...{ keys, label, group: 'go', run: () => navigate(path) },
  })
  useShortcuts([
    { keys: 'q', group: 'general', label: t.add, run: () => focusQuickAdd(navigate) },
    {
      ...{ keys: 'Mod+k', group: 'general', label: t.palette, inFields: true },
      run: () => openOverlay({ kind: 'palette' }),
    },
    { keys: 'Mod+z', group: 'general', label: t.undo, when: actions.canUndo, run: actions.undoLast },
    { keys: '?', group: 'general', label: t.help, run: () => openOverlay({ kind: 'help' }) },
    ...(organizes
      ? [
          { ...go('/', t.search, '/search'), group: 'general' as const },
          ...VIEWS.map(([keys, kind]) => go(keys, viewTitles[kind], viewPath({ kind }))),
        ]
      : []),
    go('g a', t.account, '/account'),
  ])
  return <Suspense>{started && <SequenceHint key={started} started={started} />}</Suspense>
}
