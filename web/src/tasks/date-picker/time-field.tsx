import { Clock, X } from 'lucide-react'
import { dateTexts as texts } from './date-texts.ts'

export interface ClockTime {
  time: string
  zone: string
}

type Props = { clock: ClockTime | null; ownZone: string; onChange(clock: ClockTime | null): void }

/** A time of the day, and the zone in whose clocks it is meant. */
export function TimeField({ clock, ownZone, onChange }: Props) {
  return (
    <div className="date-row">
      <Clock size={17} aria-hidden="true" />
      <input
        type="time"
        className="input date-control"
        aria-label={texts.time}
        value={clock?.time ?? ''}
        onChange={event => {
          const time = event.target.value
          onChange(time ? { time: time.slice(0, 5), zone: clock?.zone ?? ownZone } : null)
        }}
      />
      {clock && (
        <>
          <select
            className="input date-control min-w-0 flex-1"
            aria-label={texts.zone}
            value={clock.zone}
            onChange={event => onChange({ ...clock, zone: event.target.value })}
          >
            {zonesWith(ownZone, clock.zone).map(zone => (
              <option key={zone} value={zone}>
                {zone.replaceAll('_', ' ')}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="icon-btn"
            aria-label={texts.noTime}
            title={texts.noTime}
            onClick={() => onChange(null)}
          >
            <X size={16} aria-hidden="true" />
          </button>
        </>
      )}
    </div>
  )
}

/** The own zone and the one in use come first, whether the browser lists them or not. */
function zonesWith(...first: string[]): string[] {
  return [...new Set([...first, ...Intl.supportedValuesOf('timeZone')])]
}
