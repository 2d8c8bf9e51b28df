import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { Page } from '../components/page.tsx'
import { SingleKeysSwitch } from '../components/single-keys-switch.tsx'
import { ThemeSwitch } from '../components/theme-switch.tsx'
import { ChangePassword } from '../session/change-password.tsx'
import { DeleteAccount } from '../session/delete-account.tsx'
import { DeviceList } from '../session/device-list.tsx'
import { useTaskServices } from '../tasks/task-services.ts'
import { texts } from '../texts.ts'

export default function Account() {
  const { user } = useTaskServices()
  const client = useQueryClient()
  return (
    <Page title={texts.account.title} lead={texts.account.signedInAs(user.email)}>
      <div className="grid gap-10">
        <Section title={texts.account.devices} lead={texts.account.devicesLead}>
          <DeviceList userId={user.id} />
        </Section>
        <Section title={texts.account.password} lead={texts.account.passwordLead}>
          <ChangePassword
            email={user.email}
            onChanged={() => void client.invalidateQueries({ queryKey: ['devices'] })}
          />
        </Section>
        <Section title={texts.account.appearance}>
          <ThemeSwitch />
        </Section>
        <Section title={texts.account.keyboard}>
          <SingleKeysSwitch />
        </Section>
        <Section title={texts.account.remove} lead={texts.account.removeLead}>
          <DeleteAccount email={user.email} />
        </Section>
      </div>
    </Page>
  )
}

function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="text-lg font-semibold">
        {title}
      </h2>
      {lead && <p className="mt-0.5 text-ink-3">{lead}</p>}
      <div className="mt-4">{children}</div>
    </section>
  )
}
