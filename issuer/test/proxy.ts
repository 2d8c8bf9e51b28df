// A way to the database that a test can cut: connections break and new ones are refused, or all fall silent,
// until it is mended.
import { connect, createServer, type Socket } from 'node:net'

export interface DatabaseProxy {
  /** The given URL, through the proxy. */
  url: string
  /** How many connections were asked for, refused ones too. */
  readonly asked: number
  cut(): void
  /** Connections stand and are taken, and nothing travels. */
  freeze(): void
  mend(): void
  close(): void
}

export async function createProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const socketFolder = target.hostname.startsWith('%2F') && decodeURIComponent(target.hostname)
  const port = Number(target.port || 5432)
  const open = new Set<Socket>()
  let isCut = false
  let isFrozen = false
  let asked = 0
  const server = createServer(client => {
    asked += 1
    client.on('error', () => {})
    if (isCut) return void client.destroy()
    const database = socketFolder
      ? connect(`${socketFolder}/.s.PGSQL.${port}`)
      : connect(port, target.hostname)
    database.on('error', () => {})
    for (const [one, other] of [[client, database] as const, [database, client] as const]) {
      open.add(one)
      one.pipe(other)
      if (isFrozen) one.pause()
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as { port: number }).port)
  const cut = () => {
    isCut = true
    for (const socket of open) socket.destroy()
  }
  return {
    url: url.href,
    get asked() {
      return asked
    },
    cut,
    freeze: () => {
      isFrozen = true
      for (const socket of open) socket.pause()
    },
    mend: () => {
      isCut = false
      isFrozen = false
      for (const socket of open) socket.resume()
    },
    close: () => {
      cut()
      server.close()
    },
  }
}
