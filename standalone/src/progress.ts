// Whoever read along may have gone, with a closed terminal for instance: that is no reason to fail.
process.stderr.on('error', () => {})

/** Tells whoever sits at the terminal. Standard output belongs to the log, a JSON document in every line. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
