import { useLocation, type RouteSectionProps } from '@solidjs/router'
import { Show, Suspense, type JSX } from 'solid-js'
import { Crumbs, Tabs } from '../../ui/nav.tsx'
import { Notice } from '../../ui/notice.tsx'
import { admin } from '../../words/admin.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { settingsTabs } from './tabs.ts'
import '../customer/customer.css'

const words = admin.settings

export function SettingsPage(props: RouteSectionProps): JSX.Element {
  const staff = useStaff()
  const location = useLocation()
  const here = () => settingsTabs.find((tab) => location.pathname.startsWith(tab.href))?.label ?? words.title
  useTitle(here)
  return (
    <>
      <Crumbs label={admin.breadcrumb} path={[{ href: '/settings', label: words.title }]} here={here()} />
      <div class="head">
        <h1>{here()}</h1>
      </div>
      <Tabs label={words.title} items={settingsTabs.filter((tab) => staff.mayManage || tab.onlyToManage !== true)} />
      <div class="under-tabs">
        <Show when={!staff.mayManage}>
          <div class="block">
            <Notice>{words.onlyAdmins}</Notice>
          </div>
        </Show>
        <Suspense>{props.children}</Suspense>
      </div>
    </>
  )
}
