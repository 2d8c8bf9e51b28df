import { useSyncExternalStore } from 'react'
import { locale } from '../messages.ts'

/** Renders again when another language is chosen. The whole page does so from `App`; what stands under `memo` asks too. */
export const useLocale = () => useSyncExternalStore(locale.listen, locale.get)
