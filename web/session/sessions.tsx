import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem, ProblemError } from '../api/problem.ts'
import { State } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { say } from '../ui/messages.tsx'
import { Bone, Loaded, Skeleton } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { account } from '../words/account.ts'
import { explain } from '../words/problem.ts'
import { endOtherSessions, endSession, listSessions, type OpenSession } from './account.data.ts'
import './sessions.css'

const nameOf = (session: OpenSession) => account.device(session.browser, session.system)

/** Where one is signed in, each with its end. */
export function Sessions(): JSX.Element {
  const [list, { refetch }] = createResource(listSessions)
  const [ending, setEnding] = createSignal<string>()

  const act = async (what: string, work: () => Promise<void>, told: string) => {
    setEnding(what)
    try {
      await work()
      say(told)
    } catch (error) {
      // It has ended by itself meanwhile, which is what was wanted.
      if (error instanceof ProblemError && error.status === 404) say(told)
      else say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      await refetch()
      setEnding(undefined)
    }
  }
  return (
    <Loaded of={list} waiting={<Waiting />} failedTitle={account.sessionsFailed} retry={() => void refetch()}>
      {(sessions) => (
        <>
          <ul class="sessions">
            <For each={sessions()}>
              {(session) => (
                <li>
                  <div>
                    <p class="sessions-name">{nameOf(session)}</p>
                    <p class="quiet small">
                      <Show
                        when={!session.isThisOne}
                        fallback={
                          <>
                            {account.since} <Time at={session.startedAt} relative />
                          </>
                        }
                      >
                        {account.lastSeen} <Time at={session.seenAt} relative />, {account.since}{' '}
                        <Time at={session.startedAt} />
                      </Show>
                    </p>
                  </div>
                  <Show when={!session.isThisOne} fallback={<State mood="good">{account.thisOne}</State>}>
                    <Button
                      busy={ending() === session.id}
                      onClick={() => void act(session.id, () => endSession(session.id), account.ended(nameOf(session)))}
                    >
                      {account.end}
                      <span class="sr">: {nameOf(session)}</span>
                    </Button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
          <div class="sessions-foot">
            <Show when={sessions().length > 1} fallback={<p class="quiet small">{account.onlyThis}</p>}>
              <Button
                busy={ending() === 'others'}
                onClick={() => void act('others', endOtherSessions, account.othersEnded)}
              >
                {account.endOthers}
              </Button>
            </Show>
          </div>
        </>
      )}
    </Loaded>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={account.sessionsLoading}>
      <ul class="sessions">
        <For each={[1, 2]}>
          {() => (
            <li>
              <div class="stack tight">
                <Bone shape="half" />
                <Bone shape="long" />
              </div>
            </li>
          )}
        </For>
      </ul>
    </Skeleton>
  )
}
