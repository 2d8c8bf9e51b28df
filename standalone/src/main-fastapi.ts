// `npm run start:fastapi`: as `npm start`, with the API of reference/fastapi.
// Better Auth reads NODE_ENV when it is loaded, so the rest is loaded after this line.
process.env.NODE_ENV ||= 'production'
process.umask(0o077)
const { runWithFastApi } = await import('./latchkey-fastapi.ts')
process.exit(await runWithFastApi(process.env))
