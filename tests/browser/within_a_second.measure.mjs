// How long it takes from a command to the changed page, at another machine's screen: sales, top-ups and calls at a branch → the dashboard;
// prices changed at head office → the till. And at the till itself: from the scanner's Enter to the painted line. On the real binaries, FULL at every store. Called by `cargo measure`, which names the page to write.

import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { startChain } from './fixtures/chain.mjs'
import { firstSignIn, go, signIn } from './fixtures/desk.mjs'
import { openBrowser, openPage } from './fixtures/page.mjs'
import { once } from './fixtures/processes.mjs'
import { Shop } from './fixtures/shop.mjs'
import * as till from './fixtures/till.mjs'
import { staffArrived } from './fixtures/wait.mjs'

const SALES = Number(process.env.SALES ?? 200)
const PRICES = Number(process.env.PRICES ?? 100)
const SCANS = Number(process.env.SCANS ?? 100)
const LOADS = 10
/** So long both pages are left alone to see whether they ask by themselves; polling under 5 s would show. */
const QUIET_MS = 6_000
/** By then a branch has told what it tells on its own: how much it has not sent, which prices its tills show. */
const SETTLED_MS = 8_000
const LIMIT_MS = 5_000
/** Members whose rows lie in the stores of both processes, whose memory is looked at in the end. Only a release build lays so many. */
const CHAIN = Number(process.env.MEMBERS ?? 1_000_000)
const MEMBERS = { hub: CHAIN, edge: CHAIN / 10 }
const QUESTIONS = 200

/** Notes when the text of what `selector` finds becomes another, by the page's own clock. */
const watch = (page, selector, pattern) =>
  page.evaluate(([selector, pattern]) => {
    const read = () => [...document.querySelectorAll(selector)].map(found => found.textContent.match(new RegExp(pattern))?.[0] ?? '').join()
    const seen = { text: read(), changes: [] }
    const look = () => {
      const now = read()
      if (now !== seen.text) seen.changes.push({ at: Date.now(), text: (seen.text = now) })
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
    window.watched = seen
  }, [selector, pattern])

/** Milliseconds from saying `command` to the next change of what is watched. */
async function took(page, command) {
  const before = await page.evaluate(() => window.watched.changes.length)
  const said = Date.now()
  await command()
  const changed = await page.waitForFunction(before => window.watched.changes[before]?.at, before, { polling: 5, timeout: LIMIT_MS })
  return (await changed.jsonValue()) - said
}

/** Milliseconds from the Enter that ends a scan to the frame that shows another bill, by the page's own clock. */
async function painted(page, code) {
  await page.evaluate(() => {
    const bill = document.querySelector('.bill')
    const before = bill.textContent
    window.painted = new Promise(resolve => {
      let pressed = 0
      window.addEventListener('keydown', event => event.key === 'Enter' && (pressed = event.timeStamp), { capture: true, once: false })
      const seen = new MutationObserver(() => {
        if (bill.textContent === before) return
        seen.disconnect()
        // Behind the frame in which it is drawn.
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed)))
      })
      seen.observe(bill, { subtree: true, childList: true, characterData: true })
    })
  })
  await till.scan(page, code)
  return Math.round(await page.evaluate(() => window.painted))
}

/** What a page asks of its server while nothing happens. */
async function askedInQuiet(page) {
  const asked = []
  const note = request => asked.push(request.url())
  page.on('request', note)
  await page.waitForTimeout(QUIET_MS)
  page.off('request', note)
  return asked
}

/** The page says that its figures are of a release build; what is not is said beside. */
const build = /debug/.test(process.env.BINARIES ?? 'debug') ? ', debug build' : ''

function figures(times) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = p => sorted[Math.round(((sorted.length - 1) * p) / 100)]
  return `p50 ${at(50)} ms, p95 ${at(95)} ms, max ${at(100)} ms (${sorted.length} events${build})`
}

/** Writes rows into the table of the page, in the place of those that are there. */
async function write(path, rows) {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n').filter(line => !rows.some(([what]) => line.startsWith(`| ${what} |`)))
  const end = lines.findLastIndex(line => line.startsWith('|')) + 1
  lines.splice(end, 0, ...rows.map(([what, found, bar]) => `| ${what} | ${found} | ${bar} |`))
  await writeFile(path, `${lines.join('\n')}\n`)
}

/** Lays the rows of many members into a store. */
const fill = (name, data) => once('measure', '--fill', join(data, `${name}.db`), String(MEMBERS[name]))

/** A process's memory at its highest, MB. */
async function peak(running) {
  const status = await readFile(`/proc/${running.child.pid}/status`, 'utf8')
  return Math.round(Number(status.match(/VmHWM:\s+(\d+)/)[1]) / 1024)
}

const chain = await startChain({ branches: 1 })
let browser
try {
  const branch = chain.branches[0]
  const person = role => chain.staff.find(one => one.role === role && one.branch === branch.code)
  await staffArrived(branch, person('manager'))
  const shop = new Shop(branch.url)
  await shop.open(person('manager'))
  const hub = new Shop(chain.hubUrl)
  await hub.post('/api/session/sign_in', firstSignIn(chain.firstSignIn))
  browser = await openBrowser()
  const desk = await openPage(browser, chain.hubUrl)
  await signIn(desk, firstSignIn(chain.firstSignIn))
  await desk.locator('.last-sales .ant-empty').waitFor()
  const goods = await shop.goods()
  const member = (await shop.get('/api/members?text=6001')).members[0].id
  if (build === '') {
    await Promise.all([fill('hub', join(chain.folder, 'hub')), fill('edge', branch.data)])
    for (let n = 0; n < QUESTIONS; n += 1) assert.ok((await shop.get(`/api/members?text=${6_000_000 + Math.floor((n * MEMBERS.edge) / QUESTIONS)}`)).members.length > 0)
  }

  const [sales, topUps, calls] = [[], [], []]
  await watch(desk, '.last-sales li:first-child', '.*')
  for (let n = 0; n < SALES; n += 1) {
    await shop.command('add', { product: goods[n % goods.length].number, quantity: 1000 * (1 + n) })
    const { bill } = await shop.get('/api/bill')
    const due = bill.totals.due_cash
    sales.push(await took(desk, () => shop.command('tender', { code: 'cash', amount: due, due, proof: null, pay_code: null })))
  }
  await watch(desk, '.tile:nth-child(4) .big', '.*')
  for (let n = 0; n < 10; n += 1) topUps.push(await took(desk, () => shop.command('top_up', { member, amount: 10_000 + n, tender: 'wechat', tendered: null, gift: 0 })))
  await go(desk, '/calls')
  await desk.locator('.ant-empty').waitFor()
  await watch(desk, '.listing tbody tr.ant-table-row:first-child', '.*')
  for (let n = 0; n < 5; n += 1) {
    calls.push(await took(desk, () => fetch(`${branch.labUrl}/ring/1391111${2000 + n}`, { method: 'POST' })))
    await desk.waitForTimeout(1_500)
  }

  const page = await openPage(browser, branch.url)
  await till.signIn(page, person('cashier'))
  const prices = []
  await watch(page, '.bar .release', 'v\\d+')
  for (let n = 0; n < PRICES; n += 1) {
    const price = 1_000 + n
    prices.push(await took(page, () => hub.command('change_price', { product: goods[0].number, list: 'main', price, member_price: null, from: null, now: true, confirmed: true })))
  }
  const [scans, loads] = [[], []]
  const coded = goods.filter(product => product.code !== '')
  for (let n = 0; n < SCANS; n += 1) scans.push(await painted(page, coded[n % coded.length].code))
  for (let n = 0; n < LOADS; n += 1) {
    const began = Date.now()
    await page.reload({ waitUntil: 'commit' })
    await page.locator('.lines .line').first().waitFor()
    loads.push(Date.now() - began)
  }
  await page.waitForTimeout(SETTLED_MS)
  const quiet = await Promise.all([desk, page].map(askedInQuiet))
  assert.deepEqual(quiet, [[], []], 'no page asks by itself')

  const rows = [
    ['a sale at a till → the list of last sales on the dashboard', figures(sales)],
    ['a top-up at a till → 储值余额 on the dashboard', figures(topUps)],
    ['a ring at a branch’s line → the call list of the dashboard', figures(calls)],
    ['a price changed *now* at head office → the till’s price list', figures(prices)],
  ].map(row => [...row, '≤ 1 s, by push'])
  rows.push(['a scan → the line painted, saved at the edge', figures(scans), 'p95 ≤ 30 ms'], ['the cashier page loaded anew → its bill is there', figures(loads), '≤ 0.5 s'])
  if (build === '') {
    for (const [name, running, bar] of [['hub', chain.hub, 500], ['edge', branch.edge, 150]]) {
      rows.push([`memory of the ${name} process with the rows of ${MEMBERS[name].toLocaleString('en').replaceAll(',', ' ')} members, after all this`, `${await peak(running)} MB at the highest`, `≤ ${bar} MB`])
    }
  }
  for (const [what, found] of rows) console.log(`${what}: ${found}`)
  const slow = [...sales, ...topUps, ...prices].filter(ms => ms > 1_000)
  console.log(`${slow.length} of ${sales.length + topUps.length + calls.length + prices.length} events over a second; 0 questions in ${QUIET_MS / 1000} quiet seconds`)
  if (process.argv[2] !== undefined) await write(process.argv[2], rows)
} finally {
  await browser?.close()
  await chain.end()
}
