import type { Fault } from './fault.ts'

export const tokenFaults: Fault[] = [
  {
    name: 'compares-aud-as-text',
    says: 'aud is a string in all tokens seen so far: claims.aud === audience',
    kills: ['T-002'],
  },
  {
    name: 'compares-typ-as-text',
    says: "header.typ === 'at+jwt', as the issuer writes it",
    kills: ['T-003'],
  },
]
