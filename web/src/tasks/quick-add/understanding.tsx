/** All that needs the grammar, in one chunk that is fetched after the list stands. */
import './understanding.css'

export { Assist, type AssistHandle, type AssistState } from './assist.tsx'
export { Chips } from './chips.tsx'
export { makeLists } from './make-lists.ts'
export { Marks } from './marks-layer.tsx'

export { understand } from './understand.ts'
