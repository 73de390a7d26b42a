import { createSignal, onCleanup, type Accessor } from 'solid-js'

/**
 * The token of the link that was followed here. It stands after the #, so that no log sees it; a link that is opened or pasted
 * in a tab of the same page changes nothing else, and is followed, too.
 */
export const createTokenHere = (): Accessor<string | null> => {
  const [token, setToken] = createSignal(tokenHere())
  const follow = () => setToken(tokenHere())
  addEventListener('hashchange', follow)
  onCleanup(() => removeEventListener('hashchange', follow))
  return token
}

const tokenHere = () => new URLSearchParams(location.hash.slice(1)).get('token')
