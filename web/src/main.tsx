import './styles/app.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { Crash } from './components/crash.tsx'
import { warmUpDates } from './dates.ts'
import { startLanguage } from './language.ts'
import { startPage } from './start.ts'

startPage()
await startLanguage()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Crash>
      <App />
    </Crash>
  </StrictMode>,
)
setTimeout(warmUpDates)
