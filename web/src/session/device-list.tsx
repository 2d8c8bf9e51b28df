import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Laptop, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { Failed } from '../components/failed.tsx'
import { reportFailure } from '../components/report-failure.ts'
import { showToast } from '../components/toasts.ts'
import { shortMoment, wholeMoment } from '../dates.ts'
import { texts } from '../texts.ts'
import { type Device, issuer } from './account-issuer.ts'
import { accountTexts } from './account-texts.ts'
import { session } from './current.ts'
import { nameDevice } from './device-name.ts'
import { SessionEnded } from './session.ts'

const KEY = ['devices']

/** Where the account is signed in, this device first. The cookie may be somebody else's by now. */
async function loadDevices(userId: string): Promise<{ here: Device | undefined; others: Device[] }> {
  const [devices, current] = await Promise.all([issuer.listDevices(), issuer.findSession()])
  if (current?.user.id !== userId) {
    void session.look()
    throw new SessionEnded()
  }
  const isHere = (device: Device) => device.id === current.sessionId
  const others = devices.filter(device => !isHere(device))
  others.sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
  return { here: devices.find(isHere), others }
}

export function DeviceList({ userId }: { userId: string }) {
  const devices = useQuery({ queryKey: KEY, queryFn: () => loadDevices(userId), staleTime: 0 })
  const endOthers = useEnding(() => issuer.endOtherDevices(), accountTexts.othersEnded)
  if (devices.isPending) return <div className="skeleton h-16" role="status" aria-label={texts.loading} />
  if (devices.isError) {
    return (
      <Failed
        text={accountTexts.devicesFailed}
        error={devices.error}
        onRetry={() => void devices.refetch()}
      />
    )
  }
  const { here, others } = devices.data
  return (
    <>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the semantics of an unstyled list */}
      <ul role="list" className="divide-y divide-line border-y border-line">
        {here && <DeviceRow device={here} here />}
        {others.map(device => (
          <DeviceRow key={device.id} device={device} />
        ))}
      </ul>
      {others.length > 0 && (
        <button
          type="button"
          className="btn btn-quiet mt-4"
          aria-disabled={endOthers.isPending}
          onClick={() => endOthers.isPending || endOthers.mutate()}
        >
          {accountTexts.endOthers}
        </button>
      )}
    </>
  )
}

function DeviceRow({ device, here = false }: { device: Device; here?: boolean }) {
  const end = useEnding(() => issuer.endDevice(device.id), accountTexts.ended)
  const name = describeDevice(device)
  const Icon = /iPhone|Android/.test(device.userAgent ?? '') ? Smartphone : Laptop
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <Icon size={20} aria-hidden="true" className="flex-none text-ink-3" />
      <div className="min-w-0 flex-[1_1_10rem]">
        <p className="flex flex-wrap items-center gap-x-2 font-medium">
          {name}
          {here && <span className="badge bg-accent-soft text-ink">{accountTexts.thisDevice}</span>}
        </p>
        <p className="text-sm wrap-anywhere text-ink-3">
          <time dateTime={device.createdAt} title={wholeMoment(device.createdAt)}>
            {accountTexts.since({ when: shortMoment(device.createdAt) })}
          </time>
          {device.ipAddress && ` · ${device.ipAddress}`}
        </p>
      </div>
      {!here && (
        <button
          type="button"
          className="btn btn-quiet"
          aria-label={accountTexts.endNamed({ device: name })}
          aria-disabled={end.isPending}
          onClick={() => end.isPending || end.mutate()}
        >
          {accountTexts.end}
        </button>
      )}
    </li>
  )
}

function describeDevice({ userAgent }: Device): string {
  const { browser, system } = nameDevice(userAgent)
  if (browser && system) return accountTexts.on({ browser, system })
  return browser ?? system ?? accountTexts.unknownDevice
}

function useEnding(end: () => Promise<unknown>, done: string) {
  const client = useQueryClient()
  const [isPending, setPending] = useState(false)
  async function mutate() {
    setPending(true)
    await end().then(
      () => showToast({ text: done }),
      error => reportFailure(accountTexts.endFailed, error),
    )
    await client.invalidateQueries({ queryKey: KEY })
    setPending(false)
  }
  return { isPending, mutate }
}
