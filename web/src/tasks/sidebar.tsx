import {
  CalendarDays,
  Check,
  CircleCheck,
  CloudOff,
  Ellipsis,
  Inbox,
  Plus,
  Search,
  Sun,
  Trash2,
} from 'lucide-react'
import { startTransition, useEffect, useMemo, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { afterIdle } from '../components/after-idle.tsx'
import { whenIdle } from '../idle.ts'
import { useToday } from '../today.ts'
import { boardTexts, viewTitles } from './board-texts.ts'
import { openOverlay } from './overlays.ts'
import { openCounts } from './pending-counts.ts'
import type { Shown } from './places.ts'
import { sidebarTexts as t } from './sidebar-texts.ts'
import type { List } from './task.ts'
import { useOutbox, useTaskServices } from './task-services.ts'
import { useCounts, useLists, useTags } from './use-view.ts'
import { viewPath } from './views.ts'

const VIEWS = [
  { kind: 'today', Icon: Sun },
  { kind: 'upcoming', Icon: CalendarDays },
  { kind: 'inbox', Icon: Inbox },
  { kind: 'done', Icon: Check },
] as const

/** Every place there is, with how many open tasks wait there. */
export function Sidebar() {
  const { organizes } = useTaskServices()
  // Small windows do not show it.
  const [isDue, setDue] = useState(() => matchMedia('(width >= 64rem)').matches)
  useEffect(() => {
    if (!isDue) whenIdle(() => startTransition(() => setDue(true)))
  }, [isDue])
  if (!isDue) return null
  return (
    <nav aria-label={t.views} className="hidden min-h-0 flex-1 flex-col lg:flex">
      <div className="-mx-1 grid min-h-0 content-start gap-0.5 overflow-y-auto px-1 pb-4">
        {organizes ? <Places /> : <PlaceLink href="/tasks" label={viewTitles.all} Icon={CircleCheck} />}
      </div>
    </nav>
  )
}

/** All places, in the column or in the sheet of a phone. */
export function Places() {
  const { data: lists = [] } = useLists()
  const { data: tags = [] } = useTags()
  const counts = useOpenCounts()
  return (
    <>
      {VIEWS.map(({ kind, Icon }) => (
        <PlaceLink
          key={kind}
          href={viewPath({ kind })}
          label={viewTitles[kind]}
          Icon={Icon}
          count={kind === 'today' || kind === 'inbox' ? counts?.[kind] : undefined}
        />
      ))}
      <PlaceLink href="/trash" label={viewTitles.trash} Icon={Trash2} />
      <div className="side-title">
        <h2>{t.lists}</h2>
        <button
          type="button"
          className="icon-btn size-7"
          aria-label={t.newList}
          title={t.newList}
          onClick={() => openOverlay({ kind: 'list', list: null })}
        >
          <Plus size={16} aria-hidden="true" />
        </button>
      </div>
      <ListLinks lists={lists} openIn={list => counts?.lists.get(list.id) ?? list.open} />
      {tags.length > 0 && <h2 className="side-title">{t.tags}</h2>}
      <div className="flex flex-wrap gap-x-1">
        {tags.map(({ id, name, pending }) => (
          <TagLink key={id} name={name} pending={pending} />
        ))}
      </div>
    </>
  )
}

const ListDrag = afterIdle(() => import('../lists/list-drag.tsx').then(module => module.ListDrag))

type ListLinksProps = { lists: readonly Shown<List>[]; openIn(list: List): number }

function ListLinks({ lists, openIn }: ListLinksProps) {
  const box = useRef<HTMLDivElement>(null)
  return (
    <div ref={box} className="grid gap-0.5 empty:hidden">
      {lists.length > 1 && <ListDrag box={box} lists={lists} />}
      {lists.map(list => (
        <div key={list.id} className="side-list" data-list={list.id}>
          <PlaceLink
            href={viewPath({ kind: 'list', id: list.id })}
            label={list.name}
            color={list.color}
            count={openIn(list)}
            pending={list.pending}
          />
          <button
            type="button"
            className="icon-btn side-list-menu"
            aria-label={t.moreFor({ name: list.name })}
            aria-haspopup="menu"
            onClick={event => openOverlay({ kind: 'list-menu', list, anchor: event.currentTarget })}
          >
            <Ellipsis size={16} aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  )
}

/** What the server counted, corrected by what it has not heard of yet. */
function useOpenCounts() {
  const { data: counts } = useCounts()
  const { data: lists } = useLists()
  const { locals } = useOutbox()
  const today = useToday()
  return useMemo(
    () => counts && openCounts(counts, lists ?? [], locals, today),
    [counts, lists, locals, today],
  )
}

type PlaceProps = {
  href: string
  label: string
  Icon?: typeof Sun
  color?: string
  count?: number
  pending?: boolean | undefined
}

function PlaceLink({ href, label, Icon, color, count, pending }: PlaceProps) {
  const [here] = useLocation()
  return (
    <Link href={href} aria-current={here === href ? 'page' : undefined} className="nav-link" data-drop={href}>
      {Icon ? (
        <Icon size={18} aria-hidden="true" />
      ) : (
        <span className="dot mx-1" data-color={color} aria-hidden="true" />
      )}
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {pending && <NotSaved />}
      {count ? (
        <span className="nav-count">
          <span aria-hidden="true">{count}</span>
          <span className="sr-only">, {t.open(count)}</span>
        </span>
      ) : null}
    </Link>
  )
}

const NotSaved = () => (
  <CloudOff
    size={14}
    role="img"
    aria-label={boardTexts.notSaved}
    className="row-pending inline flex-none align-[-2px]"
  />
)

function TagLink({ name, pending }: { name: string; pending: boolean | undefined }) {
  const [here] = useLocation()
  const href = viewPath({ kind: 'tag', name })
  return (
    <Link href={href} aria-current={here === href ? 'page' : undefined} className="tag-link" data-drop={href}>
      #{name} {pending && <NotSaved />}
    </Link>
  )
}

/** On phones: the places of every day, and the sheet with all the others. */
export function BottomBar() {
  const [here] = useLocation()
  const { organizes } = useTaskServices()
  if (!organizes) return null
  return (
    <nav aria-label={t.views} className="bottom-bar lg:hidden">
      {[...VIEWS.slice(0, 3), { kind: 'search', Icon: Search } as const].map(({ kind, Icon }) => {
        const href = kind === 'search' ? '/search' : viewPath({ kind })
        return (
          <Link
            key={kind}
            href={href}
            aria-current={here === href ? 'page' : undefined}
            className="bottom-link"
          >
            <Icon size={20} aria-hidden="true" />
            <span>{viewTitles[kind]}</span>
          </Link>
        )
      })}
      <button type="button" className="bottom-link" onClick={() => openOverlay({ kind: 'places' })}>
        <Ellipsis size={20} aria-hidden="true" />
        <span>{t.more}</span>
      </button>
    </nav>
  )
}
