// Looks at the pages with their fixtures behind them: a picture of each state, and its faults of accessibility, size and console.
// `node tests/browser/look/look.mjs till|dashboard [address]`; starts Vite itself where no address is given. Pictures go where stories keep theirs.

import { join } from 'node:path'

import { axeFaults, openBrowser, openPage, picture } from '../fixtures/page.mjs'

/** What there is to look at: where its page lies, what is taken before each picture, its steps. */
const applications = {
  till: { folder: 'edge/web', settle: 250, check: smallTargets },
  dashboard: { folder: 'hub/web', settle: 600, check: tooWide },
}

/** Targets that a finger misses. */
function smallTargets(page) {
  return page.evaluate(() => {
    const top = document.querySelector('dialog[open]') ?? document
    return [...top.querySelectorAll('button,input,select,a')]
      .map(one => ({ box: one.getBoundingClientRect(), text: one.textContent || one.getAttribute('aria-label') }))
      .filter(({ box }) => box.width > 0 && (box.height < 39.5 || box.width < 39.5))
      .map(({ box, text }) => `target under 40 px: ${text} ${Math.round(box.width)}×${Math.round(box.height)}`)
  })
}

function tooWide(page) {
  return page.evaluate(() => (document.documentElement.scrollWidth > window.innerWidth + 1 ? ['wider than the window'] : []))
}

/** Vite with the fixture as its API. */
async function serve(folder) {
  process.env.FIXTURE = '1'
  const { createServer } = await import('vite')
  const server = await createServer({ root: join(import.meta.dirname, '../../..', folder), server: { port: 0 }, logLevel: 'error' })
  await server.listen()
  return server
}

const [name, given] = process.argv.slice(2)
const application = applications[name]
if (application === undefined) throw new Error(`usage: look.mjs ${Object.keys(applications).join('|')} [address]`)
const { steps } = await import(`./${name}.mjs`)
const server = given === undefined ? await serve(application.folder) : null
const address = given ?? server.resolvedUrls.local[0]
const browser = await openBrowser()
// Vite builds each page when it is first asked for.
const page = await openPage(browser, address, { patience: 40_000 })
let faults = 0
let current = ''
const fault = text => {
  faults += 1
  console.log(`${current}: ${text}`)
}
page.on('pageerror', error => fault(error.message))
page.on('console', message => {
  if ((message.type() === 'error' || message.type() === 'warning') && !message.text().startsWith('Failed to load')) fault(message.text().slice(0, 400))
})

/** Takes a picture of what is seen now and names its faults. */
async function look(title, { axe = true } = {}) {
  current = title
  await page.waitForTimeout(application.settle)
  await picture(page, `${name}-${title}`)
  for (const text of await application.check(page)) fault(text)
  if (axe) for (const text of await axeFaults(page)) fault(text)
}

await steps({ page, look, address })
await browser.close()
await server?.close()
console.log(`${faults} faults`)
process.exit(faults === 0 ? 0 : 1)
