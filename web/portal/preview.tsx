import { createSignal, type JSX } from 'solid-js'
import { api } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import type { PortalPreview } from '../boot.ts'
import { Button } from '../ui/button.tsx'
import { say } from '../ui/messages.tsx'
import { previewWords } from '../words/portal-preview.ts'
import { explain } from '../words/problem.ts'
import './preview.css'

/** Above every page while somebody of the MSP views the portal as a contact: who, as whom, until when, and the end of it. */
export default function PreviewBanner(props: { preview: PortalPreview }): JSX.Element {
  const [busy, setBusy] = createSignal(false)
  const end = async () => {
    setBusy(true)
    try {
      await api.DELETE('/api/auth/preview')
      location.assign(props.preview.endUrl)
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
      setBusy(false)
    }
  }
  return (
    <aside class="preview" aria-label={previewWords.label}>
      <div class="preview-in">
        <p>
          <b>{previewWords.as(props.preview.staffName, props.preview.contactName)}</b>{' '}
          {previewWords.until(props.preview.until)}
        </p>
        <Button busy={busy()} busyLabel={previewWords.ending} onClick={() => void end()}>
          {previewWords.end}
        </Button>
      </div>
    </aside>
  )
}
