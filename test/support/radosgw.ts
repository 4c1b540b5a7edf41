import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { freePort } from '../../server/adapters/embedded-postgres.ts'

export type Radosgw = {
  port: number; accessKey: string; secretKey: string; bucket: string
  /** kill -9 of the gateway alone: what was stored stays. */
  kill(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

const accessKey = 'appkey'
const secretKey = 'appsecret'
const bucket = 'documents'

/** Ceph's S3 gateway with one monitor and one object store in memory: 1.6 s, 61 MB of Debian packages. */
export async function startRadosgw(): Promise<Radosgw> {
  const directory = mkdtempSync(path.join(tmpdir(), 'rgw-')) // short: socket paths end at 107 characters
  const port = await freePort()
  const monitor = `[v1:127.0.0.1:${await freePort()}]`
  const cluster = prepare(directory, port, monitor)
  const daemons = [cluster.daemon('ceph-mon', '-i', 'a')]
  makeStore(cluster)
  daemons.push(cluster.daemon('ceph-osd', '-i', '0'))
  let gateway = cluster.daemon('radosgw', '-n', 'client.rgw')
  await untilServing(port, gateway)
  cluster.run('radosgw-admin', '-n', 'client.rgw', 'user', 'create', '--uid=app', '--display-name=app', `--access-key=${accessKey}`, `--secret-key=${secretKey}`)
  await makeBucket(port)
  return {
    port, accessKey, secretKey, bucket,
    kill: () => ended(gateway),
    async start() {
      gateway = cluster.daemon('radosgw', '-n', 'client.rgw')
      await untilServing(port, gateway)
    },
    async close() {
      for (const daemon of [gateway, ...daemons.toReversed()]) await ended(daemon) // on SIGTERM the gateway may wait for ever
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

type Cluster = ReturnType<typeof prepare>

function prepare(directory: string, port: number, monitor: string) {
  const fsid = randomUUID()
  for (const name of ['mon', 'osd0', 'rgw', 'run', 'log']) mkdirSync(path.join(directory, name))
  const conf = path.join(directory, 'ceph.conf')
  const keyring = path.join(directory, 'keyring')
  writeFileSync(conf, configuration(directory, port, monitor, fsid))
  const env = { ...process.env, CEPH_CONF: conf }
  const asRoot = process.getuid?.() === 0 ? ['--setuser', 'root', '--setgroup', 'root'] : [] // they would become the user ceph
  const run = (program: string, ...args: string[]) => {
    const { status, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program} ${args[0]}: ${error ?? stderr}`)
  }
  const daemon = (program: string, ...args: string[]) => {
    const log = openSync(path.join(directory, 'log', `${program}.out`), 'a') // a file: daemons would inherit a pipe
    return spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...args, ...asRoot, '-f'], { env, stdio: ['ignore', log, log] })
  }
  const key = (name: string, ...caps: string[]) => run('ceph-authtool', keyring, '--gen-key', '-n', name, ...caps)
  run('ceph-authtool', '--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *')
  key('client.admin', '--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *')
  key('client.rgw', '--cap', 'mon', 'allow rw', '--cap', 'osd', 'allow rwx')
  key('osd.0', '--cap', 'mon', 'allow profile osd', '--cap', 'osd', 'allow *')
  run('monmaptool', '--create', '--addv', 'a', monitor, '--fsid', fsid, path.join(directory, 'monmap'))
  run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', path.join(directory, 'monmap'), '--keyring', keyring)
  return { run, daemon, asRoot }
}

// paxos_propose_interval: up in 1.6 s, not 14.6. rgw_cache_enabled: a killed gateway serves again in 0.1 s, not > 20.
const configuration = (directory: string, port: number, monitor: string, fsid: string) => `[global]
fsid = ${fsid}
mon_host = ${monitor}
public_addr = 127.0.0.1
keyring = ${directory}/keyring
pid_file = ${directory}/run/$name.pid
admin_socket = ${directory}/run/$name.asok
log_file = ${directory}/log/$name.log
osd_pool_default_size = 1
mon_allow_pool_size_one = true
mon_data_avail_crit = 1
mon_data = ${directory}/mon
mon_cluster_log_file = ${directory}/log/cluster.log
paxos_propose_interval = 0.05
osd_data = ${directory}/osd0
osd_objectstore = memstore
rgw_frontends = beast endpoint=127.0.0.1:${port} tcp_nodelay=1
rgw_cache_enabled = false
rgw_crypt_require_ssl = false
`

function makeStore({ run, asRoot }: Cluster) {
  const id = randomUUID()
  run('ceph', 'osd', 'new', id, '0')
  run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', id, ...asRoot)
  for (const rule of ['add-bucket h host', 'move h root=default', 'add osd.0 1.0 host=h']) run('ceph', 'osd', 'crush', ...rule.split(' '))
}

async function untilServing(port: number, gateway: ChildProcess) {
  for (const until = Date.now() + 60_000; ;) {
    if (await fetch(`http://127.0.0.1:${port}/`).then(answer => answer.ok, () => false)) return
    if (gateway.exitCode !== null || Date.now() > until) throw new Error('radosgw did not start')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

async function makeBucket(port: number) {
  const client = new S3Client({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  client.destroy()
}

async function ended(daemon: ChildProcess) {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return
  const gone = new Promise(resolve => daemon.once('exit', resolve))
  daemon.kill('SIGKILL')
  await gone
}
