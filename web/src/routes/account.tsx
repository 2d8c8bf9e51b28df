import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useId } from 'react'
import { LanguageSwitch } from '../components/language-switch.tsx'
import { Page } from '../components/page.tsx'
import { SingleKeysSwitch } from '../components/single-keys-switch.tsx'
import { ThemeSwitch } from '../components/theme-switch.tsx'
import { contentIsDrawn } from '../idle.ts'
import { accountTexts } from '../session/account-texts.ts'
import { ChangePassword } from '../session/change-password.tsx'
import { DeleteAccount } from '../session/delete-account.tsx'
import { DeviceList } from '../session/device-list.tsx'
import { useTaskServices } from '../tasks/task-services.ts'

export default function Account() {
  const { user } = useTaskServices()
  const client = useQueryClient()
  useEffect(contentIsDrawn, [])
  return (
    <Page title={accountTexts.title} lead={accountTexts.signedInAs({ email: user.email })}>
      <div className="grid gap-10">
        <Section title={accountTexts.devices} lead={accountTexts.devicesLead}>
          <DeviceList userId={user.id} />
        </Section>
        <Section title={accountTexts.password} lead={accountTexts.passwordLead}>
          <ChangePassword
            email={user.email}
            onChanged={() => void client.invalidateQueries({ queryKey: ['devices'] })}
          />
        </Section>
        <Section title={accountTexts.appearance}>
          <div className="flex flex-wrap gap-x-8 gap-y-4">
            <ThemeSwitch />
            <LanguageSwitch />
          </div>
        </Section>
        <Section title={accountTexts.keyboard}>
          <SingleKeysSwitch />
        </Section>
        <Section title={accountTexts.remove} lead={accountTexts.removeLead}>
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
