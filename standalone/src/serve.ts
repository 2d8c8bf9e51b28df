// `npm run issuer` and `npm run api`: one server of several, from the environment alone.
// Better Auth reads NODE_ENV when it is loaded, so the rest is loaded after this line.
process.env.NODE_ENV ||= 'production'
process.umask(0o077)
const { runServer } = await import('./server-process.ts')
process.exit(await runServer(process.argv[2], process.env))
