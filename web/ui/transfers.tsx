import { For, Match, Show, Switch, type Accessor, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { percent } from '../words/format.ts'
import { Button, IconButton } from './button.tsx'
import { cross } from './icon.tsx'
import './bars.css'
import './drop-area.css'

/** A file on its way: waiting for its turn, sent so far, or stopped with a reason. */
export type Transfer = {
  id: string
  name: string
  state: Accessor<'waiting' | 'sending' | 'failed'>
  /** Between 0 and 1. */
  share: Accessor<number>
  trouble: Accessor<string | undefined>
  /** Whether sending it again may help. */
  canRetry: Accessor<boolean>
}

/** Files on their way, each with how far it is, what went wrong with it, and what can be done about it. */
export function Transfers(props: {
  label: string
  transfers: readonly Transfer[]
  onCancel: (id: string) => void
  onRetry: (id: string) => void
}): JSX.Element {
  return (
    <Show when={props.transfers.length > 0}>
      <ul class="transfers" aria-label={props.label}>
        <For each={props.transfers}>
          {(transfer) => (
            <li>
              <div>
                <p class="transfer-name" title={transfer.name}>
                  {transfer.name}
                </p>
                <Switch>
                  <Match when={transfer.state() === 'failed'}>
                    <p class="trouble" role="alert">
                      {transfer.trouble()}
                    </p>
                  </Match>
                  <Match when={transfer.state() === 'waiting'}>
                    <p class="quiet">{common.transferWaiting}</p>
                  </Match>
                  <Match when={transfer.state() === 'sending'}>
                    <div class="progress">
                      <progress max={1} value={transfer.share()} aria-label={common.transferOf(transfer.name)} />
                    </div>
                  </Match>
                </Switch>
              </div>
              <div class="transfer-acts">
                <Show when={transfer.state() === 'sending'}>
                  <span class="quiet nowrap">
                    {transfer.share() < 1 ? percent(transfer.share()) : common.transferEnding}
                  </span>
                </Show>
                <Show when={transfer.state() === 'failed' && transfer.canRetry()}>
                  <Button look="plain" onClick={() => props.onRetry(transfer.id)}>
                    {common.tryAgain}
                    <span class="sr">: {transfer.name}</span>
                  </Button>
                </Show>
                <IconButton
                  icon={cross}
                  label={
                    transfer.state() === 'failed'
                      ? common.transferDismiss(transfer.name)
                      : common.transferCancel(transfer.name)
                  }
                  onClick={() => props.onCancel(transfer.id)}
                />
              </div>
            </li>
          )}
        </For>
      </ul>
    </Show>
  )
}
