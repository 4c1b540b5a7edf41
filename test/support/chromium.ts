import { existsSync } from 'node:fs'
import sparticuz from '@sparticuz/chromium'
import { chromium, type Browser } from 'playwright-core'

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => existsSync(path))

/** The machine's own Chromium, or the one that came with the packages. */
export const openBrowser = async (): Promise<Browser> =>
  chromium.launch({ executablePath: installed ?? await sparticuz.executablePath(), args: [...(installed ? [] : sparticuz.args), '--no-sandbox'] })
