import { createSignal, onCleanup } from 'solid-js'

/** Whether the page is such, now and as it changes. */
export function createMediaMatch(media: string): () => boolean {
  const query = matchMedia(media)
  const [matches, setMatches] = createSignal(query.matches)
  const look = () => setMatches(query.matches)
  query.addEventListener('change', look)
  onCleanup(() => query.removeEventListener('change', look))
  return matches
}
