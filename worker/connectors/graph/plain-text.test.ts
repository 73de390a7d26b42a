import { expect, it } from 'vitest'
import { plainText } from './plain-text.ts'

it.each([
  ['nothing', null, ''],
  ['nothing but tags', '<p><br/></p>', ''],
  ['plain words', 'Turn it on.', 'Turn it on.'],
  ['paragraphs', '<p>One.</p><p>Two.</p>', 'One.\n\nTwo.'],
  ['breaks', 'One.<br>Two.<BR />Three.', 'One.\nTwo.\nThree.'],
  ['a list', '<ol><li>Open it.</li><li>Save.</li></ol>', '- Open it.\n- Save.'],
  ['a link', 'See <a href="https://aka.ms/x" onclick="alert(1)">this</a>.', 'See this.'],
  ['entities', 'Fish &amp; chips&#58; &#x201c;good&#x201D; &lt;b&gt;', 'Fish & chips: “good” <b>'],
  ['an entity that is none', 'AT&T; &bogus; &#0;', 'AT&T; &bogus;'],
  ['a sign that is no tag', 'a < b and c > d', 'a < b and c > d'],
  ['what a page would run or hide', '<script>alert("x")</script>Do it.<!-- <p>not</p> --><style>p{}</style>', 'Do it.'],
  ['line ends that mean nothing', 'Turn\n   it\ton.', 'Turn it on.'],
  ['a tag that never ends', 'Do it.<p', 'Do it.<p'],
])('%s, as plain text', (_name, html, text) => {
  expect(plainText(html, 100)).toBe(text)
})

it('is cut at a number of characters, never within one', () => {
  expect(plainText('🪚🪚🪚🪚', 3)).toBe('🪚🪚…')
  expect(plainText('🪚🪚🪚', 3)).toBe('🪚🪚🪚')
})

it('takes no longer for a long text that only looks like one with tags', () => {
  expect(plainText('<'.repeat(50_000), 10)).toBe('<<<<<<<<<…')
})
