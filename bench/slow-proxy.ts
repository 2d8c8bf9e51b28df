// A database that is far away: what it says arrives some milliseconds later. Run on its own, so that its work is not
// that of the generator: `node bench/slow-proxy.ts <host or socket> <port> <milliseconds>`; it prints its port.
import net, { type AddressInfo } from 'node:net'

const [host = '', port = '', latency = ''] = process.argv.slice(2)
const target = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port: Number(port) }

const proxy = net.createServer({ noDelay: true }, client => {
  const database = net.connect(target)
  client.pipe(database)
  database.on('data', bytes => setTimeout(() => client.write(bytes), Number(latency)))
  database.on('close', () => client.destroy())
  client.on('close', () => database.destroy())
  for (const socket of [client, database]) socket.on('error', () => {})
})
proxy.listen(0, '127.0.0.1', () => console.log((proxy.address() as AddressInfo).port))
