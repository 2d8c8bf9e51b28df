import * as authFailures from './components/auth-failure-texts.de.ts'
import * as form from './components/form-texts.de.ts'
import * as keyNames from './components/key-name-texts.de.ts'
import * as keys from './components/key-texts.de.ts'
import * as language from './components/language-texts.de.ts'
import * as shell from './components/shell-texts.de.ts'
import * as theme from './components/theme-texts.de.ts'
import * as wait from './components/wait-texts.de.ts'
import * as conflict from './editor/conflict-texts.de.ts'
import * as editor from './editor/editor-texts.de.ts'
import * as failures from './failure-texts.de.ts'
import * as list from './lists/list-texts.de.ts'
import * as palette from './palette/palette-texts.de.ts'
import * as trouble from './routes/trouble-texts.de.ts'
import * as account from './session/account-texts.de.ts'
import * as signInAgain from './session/sign-in-again-texts.de.ts'
import * as visitor from './session/visitor-texts.de.ts'
import * as tag from './tags/tag-texts.de.ts'
import * as action from './tasks/action-texts.de.ts'
import * as boardKeys from './tasks/board-key-texts.de.ts'
import * as board from './tasks/board-texts.de.ts'
import * as date from './tasks/date-picker/date-texts.de.ts'

import * as empty from './tasks/empty-texts.de.ts'

import * as globalKeys from './tasks/global-key-texts.de.ts'

import * as menu from './tasks/menu-texts.de.ts'
import * as organizing from './tasks/organizing-texts.de.ts'
import * as place from './tasks/place-texts.de.ts'
import * as recurrence from './tasks/quick-add/recurrence-texts.de.ts'
import * as understanding from './tasks/quick-add/understanding-texts.de.ts'
import * as quickAdd from './tasks/quick-add-texts.de.ts'
import * as sidebar from './tasks/sidebar-texts.de.ts'

import * as common from './texts.de.ts'
import * as trash from './trash/trash-texts.de.ts'

/** All of the German, by the names of the areas. */
export const german = {
  ...authFailures,
  ...common,
  ...failures,
  ...form,
  ...keys,
  ...language,
  ...shell,
  ...keyNames,
  ...palette,
  ...globalKeys,
  ...theme,
  ...wait,
  ...trouble,
  ...account,
  ...conflict,
  ...signInAgain,
  ...visitor,
  ...action,
  ...boardKeys,
  ...board,
  ...empty,
  ...menu,
  ...organizing,
  ...place,
  ...sidebar,
  ...editor,
  ...list,
  ...tag,
  ...quickAdd,
  ...recurrence,
  ...date,
  ...understanding,
  ...trash,
}
