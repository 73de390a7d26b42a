// The demo accounts fill the sign-in form; the person still presses the button.
for (const button of document.querySelectorAll('button[data-account]')) {
  button.addEventListener('click', () => {
    const form = document.querySelector('form[data-sign-in]')
    if (form === null) return
    form.elements.account.value = button.dataset.account
    if (form.elements.password !== undefined) form.elements.password.value = button.dataset.password
    form.querySelector('button[type=submit]').focus()
  })
}

// Tabs of a mail: text, HTML, headers, raw.
const tabs = [...document.querySelectorAll('[role=tab]')]
for (const tab of tabs) {
  tab.addEventListener('click', () => show(tab))
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
    show(next)
    next.focus()
  })
}

function show(chosen) {
  for (const tab of tabs) {
    tab.setAttribute('aria-selected', String(tab === chosen))
    tab.tabIndex = tab === chosen ? 0 : -1
    document.getElementById(tab.getAttribute('aria-controls')).hidden = tab !== chosen
  }
}
