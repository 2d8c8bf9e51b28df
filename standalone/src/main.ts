// `npm start`: database, secrets, migrations, issuer, API and page, on one origin.
// Better Auth reads NODE_ENV when it is loaded, so the rest is loaded after this line.
process.env.NODE_ENV ||= 'production'
process.umask(0o077)
const { runLatchkey } = await import('./latchkey.ts')
process.exit(await runLatchkey(process.env))
