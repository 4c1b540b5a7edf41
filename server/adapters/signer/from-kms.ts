import { createHash, createPublicKey } from 'node:crypto'
import { SignerUnavailable } from '../signer.ts'
import { algorithmOf, type SealKey } from './seal-key.ts'

const algorithms = { RS256: 'RSASSA_PKCS1_V1_5_SHA_256', ES256: 'ECDSA_SHA_256' } as const

type Place = { keyId: string; endpoint?: string | undefined; region?: string | undefined }

/** A key that never leaves a key service speaking AWS KMS: 32 bytes of digest go out, a signature comes back. Credentials as the AWS SDK finds them. */
export async function keyFromKms({ keyId, endpoint, region = 'us-east-1' }: Place): Promise<SealKey> {
  const { GetPublicKeyCommand, KMSClient, SignCommand } = await import('@aws-sdk/client-kms') // 40 ms that only who needs it pays
  const client = new KMSClient({ region, ...(endpoint ? { endpoint } : {}), maxAttempts: 3, requestHandler: { connectionTimeout: 3000, requestTimeout: 5000 } })
  const publicKey = () => asked(() => client.send(new GetPublicKeyCommand({ KeyId: keyId })))
  const { PublicKey } = await publicKey()
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
  const SigningAlgorithm = algorithms[algorithmOf(key)]
  return {
    publicKey: key, certificates: [],
    async sign(data) {
      const Message = createHash('sha256').update(data).digest()
      const { Signature } = await asked(() => client.send(new SignCommand({ KeyId: keyId, Message, MessageType: 'DIGEST', SigningAlgorithm })))
      if (!Signature) throw new SignerUnavailable('the key service sent no signature')
      return Signature
    },
    ready: async () => void await publicKey(),
  }
}

// Whatever a key service says, it did not sign: no credentials, a disabled key, no network. The job tries again, the log says why.
const asked = <T>(send: () => Promise<T>): Promise<T> =>
  send().catch(error => { throw new SignerUnavailable(`the key service: ${error instanceof Error ? `${error.name} ${error.message}` : error}`) })
