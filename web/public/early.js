// Before the first paint, so that a chosen theme never flashes. A file of its own: the CSP allows no inline script.
try {
  const theme = localStorage.getItem('latchkey:theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {}

// Asked for while the code is on its way; `src/early.ts` takes the answers.
window.latchkeyAsked = Object.fromEntries(
  ['/config.json', '/api/auth/get-session'].map(path => [path, fetch(path).catch(() => null)]),
)
