/** Every sentence of the page, in one place, so that a message library can take them over. */
import type { Failure } from './http.ts'
import type { EmailFault, PasswordFault } from './session/password.ts'
import type { Departure } from './session/session.ts'

const plural = new Intl.PluralRules('en')
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === 'one' ? one : other}`

export const texts = {
  product: 'Latchkey',
  tagline: 'A private todo list on your own server.',
  loading: 'Loading',
  tryAgain: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  dismiss: 'Dismiss',
  skip: 'Skip to content',
  offline: 'Offline',
  waitFor: (seconds: number) => `Try again ${inTime(seconds)}`,

  nav: { label: 'Main', tasks: 'Tasks', account: 'Account', signOut: 'Sign out', signingOut: 'Signing out…' },
  theme: {
    label: 'Theme',
    system: 'System',
    light: 'Light',
    dark: 'Dark',
    toDark: 'Dark theme',
    toLight: 'Light theme',
  },

  signIn: {
    title: 'Welcome back',
    lead: 'Sign in to pick up where you left off.',
    submit: 'Sign in',
    busy: 'Signing in…',
    newHere: 'New here?',
    create: 'Create an account',
    closed: 'This server takes no new accounts.',
  },
  signUp: {
    title: 'Make it yours',
    lead: 'One account, one calm list, on a server you trust.',
    submit: 'Create account',
    busy: 'Creating your account…',
    haveOne: 'Already have an account?',
    signIn: 'Sign in',
    closedTitle: 'No new accounts here',
    closedLead:
      'The person who runs this server has closed registration. Ask them for an account, or sign in if you have one.',
  },
  departure: {
    none: '',
    left: 'You are signed out.',
    'left-elsewhere': 'You signed out in another tab.',
    deleted: 'Your account and all its tasks are deleted.',
  } satisfies Record<Departure, string>,
  switched: (email: string) => `You are now signed in as ${email}.`,

  form: {
    email: 'Email',
    password: 'Password',
    show: 'Show',
    hide: 'Hide',
    thePassword: 'password',
    problems: (n: number) => (n === 1 ? 'Please correct this:' : `Please correct these ${n} things:`),
    passwordHint: 'At least 12 characters. A few unrelated words work well.',
    advice: [
      '',
      'Easy to guess. Add an unrelated word or two.',
      'Fair. One more word would make it better.',
      'Hard to guess.',
    ],
  },
  emailFault: {
    missing: 'Enter your email address.',
    format: 'Enter an email address like name@example.com.',
  } satisfies Record<EmailFault, string>,
  passwordFault: {
    missing: 'Enter your password.',
    short: 'Use at least 12 characters.',
    long: 'Use at most 128 characters.',
    account: 'Choose a password that is not your email address or the name of this app.',
    common: 'That password is among the first ones anybody would try. Choose a less common one.',
  } satisfies Record<PasswordFault, string>,

  tasks: {
    title: 'Tasks',
    list: 'Your tasks',
    add: 'Add a task',
    addButton: 'Add',
    addHint: 'What needs doing?',
    addFailed: (title: string) => `“${title}” was not added.`,
    discard: 'Discard',
    tooLong: (over: number) => `The title is ${count(over, 'character', 'characters')} too long.`,
    show: 'Show',
    filters: { all: 'All', open: 'Open', done: 'Done' },
    editPrefix: 'Edit',
    remove: (title: string) => `Delete ${title}`,
    loadMore: 'Load more',
    loadingMore: 'Loading…',
    loadedMore: (n: number) => `${count(n, 'more task', 'more tasks')} loaded`,
    loadFailed: 'Your tasks could not be loaded.',
    moreFailed: 'More tasks could not be loaded.',
    changeFailed: (title: string) => `“${title}” could not be changed.`,
    addedElsewhere: 'Task added',
    removed: 'Task deleted',
    undo: 'Undo',
    tooLate: 'It is too late to undo that.',
    restored: 'Task restored',
    removeFailed: (title: string) => `“${title}” could not be deleted, so it is back.`,
    added: (when: string) => `Added ${when}`,
    empty: {
      all: {
        title: 'A clean page',
        lead: 'Write down the first thing on your mind. Enter adds it, and nobody but you can read it.',
      },
      open: { title: 'Nothing left to do', lead: 'Enjoy the quiet, or add what comes next.' },
      done: { title: 'Nothing finished yet', lead: 'What you tick off is kept here.' },
    },
  },
  editor: {
    title: 'Edit task',
    name: 'Title',
    description: 'Description',
    save: 'Save',
    saving: 'Saving…',
    nameMissing: 'A task needs a title.',
    descriptionTooLong: (over: number) =>
      `The description is ${count(over, 'character', 'characters')} too long.`,
    restored: 'This is what you had typed before.',
    loadFailed: 'This task could not be opened.',
    gone: 'This task is not there any more.',
    changed: (when: string) => `Changed ${when}`,
  },
  keys: {
    title: 'Keyboard shortcuts',
    open: 'Keyboard shortcuts',
    single: 'Single-key shortcuts',
    singleHint: 'Turn them off if keys are pressed by accident or by speech input.',
    add: 'Add a task',
    next: 'Next task',
    previous: 'Previous task',
    toggle: 'Tick or untick',
    edit: 'Edit',
    remove: 'Delete',
    undo: 'Undo the last deletion',
    help: 'This list',
    or: 'or',
  },
  account: {
    title: 'Account',
    signedInAs: (email: string) => `Signed in as ${email}`,
    appearance: 'Appearance',
    keyboard: 'Keyboard',
    password: 'Change password',
    passwordLead: 'Every other device is signed out when the password changes.',
    current: 'Current password',
    next: 'New password',
    change: 'Change password',
    changing: 'Changing…',
    currentMissing: 'Enter your current password.',
    nextMissing: 'Enter a new password.',
    changed: 'Your password is changed. Other devices are signed out.',
    same: 'The new password is the same as the current one.',
    devices: 'Devices',
    devicesLead: 'Where this account is signed in. Ending a session signs that device out at once.',
    thisDevice: 'This device',
    since: (when: string) => `Signed in ${when}`,
    end: 'End session',
    endNamed: (device: string) => `End session on ${device}`,
    endOthers: 'End all other sessions',
    ended: 'That session is ended.',
    othersEnded: 'All other sessions are ended.',
    endFailed: 'The session could not be ended.',
    devicesFailed: 'Your devices could not be loaded.',
    unknownDevice: 'Unknown device',
    on: (browser: string, system: string) => `${browser} on ${system}`,
    remove: 'Delete account',
    removeLead: 'Deletes the account and all its tasks, at once and for good.',
    removeOpen: 'Delete account…',
    removeTitle: 'Delete your account?',
    removeConfirm: 'Delete everything',
    removing: 'Deleting…',
  },
  notFound: {
    title: 'Nothing here',
    lead: 'This page does not exist, or it moved.',
    home: 'Go to your tasks',
  },
  unreachable: {
    title: 'The server cannot be reached',
    lead: 'You have not been signed out. The page tries again by itself as soon as it can.',
    busyTitle: 'The server is busy',
    again: (seconds: number) => `Next try ${inTime(seconds)}.`,
  },
  signInAgain: {
    title: 'Your session has ended',
    lead: 'Sign in again to go on where you were. Nothing you typed is lost.',
    notYou: 'Not you?',
    signOut: 'Sign out',
  },
  crash: {
    title: 'Something broke',
    lead: 'Your tasks are safe on the server. Reload the page to go on.',
    reload: 'Reload',
  },
  signOutFailed: 'You are still signed in: the server did not confirm the sign-out.',
}

const sayings: Record<string, string> = {
  offline: 'You are offline.',
  unreachable: 'The server cannot be reached. Check your connection.',
  timeout: 'The server took too long to answer.',
  INVALID_EMAIL_OR_PASSWORD: 'Email or password is not right.',
  INVALID_EMAIL: texts.emailFault.format,
  INVALID_PASSWORD: 'The password is not right.',
  USER_ALREADY_EXISTS: 'There is already an account with this email. Sign in instead.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'There is already an account with this email. Sign in instead.',
  PASSWORD_TOO_SHORT: texts.passwordFault.short,
  PASSWORD_TOO_LONG: texts.passwordFault.long,
  PASSWORD_TOO_COMMON: texts.passwordFault.common,
  PASSWORD_CONTAINS_ACCOUNT: texts.passwordFault.account,
  SIGN_UP_CLOSED: texts.signIn.closed,
  EMAIL_PASSWORD_SIGN_UP_DISABLED: texts.signIn.closed,
}

/** What went wrong, for a person. */
export function explain({ status, code, retryAfter }: Failure): string {
  if (status === 429) return `Too many attempts. Try again ${inTime(retryAfter ?? 60)}.`
  const known = sayings[code]
  if (known) return known
  if (status === 503) return `The server is busy right now. Try again ${inTime(retryAfter ?? 5)}.`
  if (status === 401) return 'The server did not accept your sign-in. Sign out and in again.'
  if (status === 404) return texts.editor.gone
  if (status === 412 || status === 409) return 'It was changed somewhere else in the meantime.'
  if (status === 413) return 'That is more text than the server takes.'
  return 'Something went wrong on the server. Try again.'
}

function inTime(seconds: number): string {
  if (seconds < 90) return `in ${count(Math.max(1, seconds), 'second', 'seconds')}`
  return `in ${count(Math.ceil(seconds / 60), 'minute', 'minutes')}`
}
