import { expect, it } from 'vitest'
import { ownInstance } from '../scripts/journey/instance.ts'
import { playJourney } from '../scripts/journey/story.ts'
import { s3Documents } from '../server/adapters/s3-documents.ts'
import { startClamd } from './support/clamd.ts'
import { describeJudged } from './support/judges.ts'
import { startRadosgw } from './support/radosgw.ts'

// What production runs on: documents in an S3 store that is not ours, each one passed by a real ClamAV.
describeJudged('the whole story on S3 and ClamAV', ['radosgw', 'clamd'], () => {
  it('ends with a certificate whose file lies in the bucket', async () => {
    const store = await startRadosgw(), scanner = await startClamd()
    const instance = await ownInstance({
      S3_BUCKET: store.bucket, S3_ENDPOINT: `http://127.0.0.1:${store.port}`, S3_ACCESS_KEY: store.accessKey, S3_SECRET_KEY: store.secretKey, CLAMD_SOCKET: scanner.socket,
    })
    try {
      const { number, certificate } = await playJourney(instance.url, () => undefined)
      const bucket = s3Documents({ bucket: store.bucket, endpoint: `http://127.0.0.1:${store.port}`, region: 'us-east-1', accessKey: store.accessKey, secretKey: store.secretKey, pathStyle: true })
      const sizes: number[] = []
      for await (const { size } of bucket.list()) sizes.push(size)
      bucket.close()
      expect([number, sizes.includes(certificate.length)]).toEqual([expect.stringMatching(/^RE-JP-\d{4}-000001-1-[0-9A-Z]$/), true])
      const checks = await (await fetch(`${instance.url}/health/ready`)).json()
      expect(checks).toMatchObject({ status: 'ok', checks: { documents: 'ok', database: 'ok', jobs: 'ok', signer: 'ok' } })
    } finally {
      await instance.stop()
      await scanner.close()
      await store.close()
    }
  }, 180_000)
})
