// The kit against servers that are wrong in one way each: `npm run kit:selftest`. The browser of our own tests will do.
import { findChromium } from '../scripts/find-chromium.mjs'

const browser = findChromium()
if (browser) process.env.CHROMIUM = browser
await import('../conformance/broken/self-test.ts')
