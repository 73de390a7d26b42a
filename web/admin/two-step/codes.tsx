import type { JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { twoStep as words } from '../../words/two-step.ts'
import './two-step.css'

/** Recovery codes, shown this once. */
export function Codes(props: { codes: string[]; doneLabel: string; onDone: () => void }): JSX.Element {
  return (
    <div class="stack" role="status">
      <h3>{words.codesTitle}</h3>
      <p>{words.codesText}</p>
      <pre class="two-step-codes">{props.codes.join('\n')}</pre>
      <div class="row wrap">
        <CopyButton text={props.codes.join('\n')} label={words.copyCodes} />
        <Button look="primary" onClick={() => props.onDone()}>
          {props.doneLabel}
        </Button>
      </div>
    </div>
  )
}
