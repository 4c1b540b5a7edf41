import { scanCase } from '../documents/scan.ts'
import type { World } from '../world.ts'
import { landIn } from './land-later.ts'

/** Job, some seconds after files came home: what waited for them lands, unless the device spoke again and it has; then they are scanned. */
export async function settleArrived(world: World, applicationId: string): Promise<void> {
  await landIn(world, applicationId, 'settle').finally(() => scanCase(world, applicationId))
}
