// What stands in front of servers on the internet: it ends TLS and passes every byte on.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'

export interface Certificate {
  file: string
  key: Buffer
  cert: Buffer
}

/** Signed by itself, for localhost. */
export function makeCertificate(folder: string): Certificate {
  const [keyFile, file] = [join(folder, 'tls-key.pem'), join(folder, 'tls-certificate.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const files = ['-keyout', keyFile, '-out', file]
  execFileSync('openssl', ['req', '-x509', ...kind, ...subject, ...files], { stdio: 'pipe' })
  return { file, key: readFileSync(keyFile), cert: readFileSync(file) }
}

/** Listens on `port` with TLS and leads to `target` of this machine. */
export async function terminateTls({ key, cert }: Certificate, port: number, target: number) {
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer({ key, cert, noDelay: true, allowHalfOpen: true }, client => {
    const inner = connect({ port: target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    for (const [socket, other] of [
      [client, inner],
      [inner, client],
    ] as const) {
      sockets.add(socket)
      socket.pipe(other)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  // Whoever speaks plain HTTP to it is cut off.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
