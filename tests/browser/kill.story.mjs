// Goal: a sale whose receipt printed is never lost and never doubled, whatever the edge is killed in.
// Method: sales at a real edge that is killed (SIGKILL) again and again, between command and answer and while a slip is leased, its link to the
// hub really cut now and then. What printed is judged by the bytes that the printer simulator received.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import test from 'node:test'

import { serve, startChain } from './fixtures/chain.mjs'
import { startWire } from './fixtures/wire.mjs'

const sales = Number(process.env.KILL_SALES ?? 1000)
const killsInAnswer = Math.ceil(sales / 5)
const killsInPrint = Math.ceil(sales / 20)
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
const fresh = () => Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex')

/** A till as its page speaks to it; every post may be torn and is then sent again, the same bytes. */
class Till {
  constructor(chain, branch, person) {
    Object.assign(this, { chain, branch, person, cookie: '', kills: { answer: 0, leased: 0 } })
  }

  async post(path, body) {
    const headers = { 'content-type': 'application/json', 'x-catena': '1', cookie: this.cookie }
    const answer = await fetch(this.branch.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    const set = answer.headers.get('set-cookie')
    if (set) this.cookie = set.split(';')[0]
    return { status: answer.status, said: await answer.json().catch(() => null) }
  }

  async get(path) {
    const answer = await fetch(this.branch.url + path, { headers: { cookie: this.cookie } })
    return answer.json()
  }

  async signIn() {
    const { status, said } = await this.post('/api/session/sign_in', { code: this.person.code, pin: this.person.pin, till: 1 })
    assert.equal(status, 200, JSON.stringify(said))
  }

  /** Sends a command; `afterMs` kills the edge in it. Torn, it is sent again to the edge started anew. */
  async command(name, body, afterMs = null) {
    const whole = { id: fresh(), ...body }
    for (let tries = 0; ; tries += 1) {
      let answered = false
      const asked = this.post(`/api/commands/${name}`, whole).then(answer => { answered = true; return answer }, () => null)
      if (afterMs !== null && tries === 0) {
        await pause(afterMs)
        if (!answered) this.kills.answer += 1
        await this.killed()
      }
      const answer = await asked
      if (answer && answer.status < 300) return answer.said
      if (answer && answer.status !== 401) throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.said)}`)
      assert.ok(tries < 5, `${name}: no answer`)
      await this.signIn()
    }
  }

  async killed() {
    await this.branch.edge.kill()
    this.branch.edge = await serve(this.chain, 'edge', this.branch.data, this.branch.address)
    await this.signIn()
  }

  /** Waits until the printer's worker has leased a slip; false if it was too quick for us. */
  async leased() {
    for (let n = 0; n < 400; n += 1) {
      const { slips } = await this.get('/api/slips')
      if (slips.some(slip => slip.state === 'tried')) return true
      if (slips.length === 0) return false
      await pause(4)
    }
    return false
  }

  /** Slips that a person must look at are printed again, as copies; those held back because many waited are printed. */
  async tidy() {
    const { slips } = await this.get('/api/slips')
    for (const { slip } of slips) await this.post('/api/commands/slip_print', { id: fresh(), slip, device: null })
    return slips
  }
}

/** All receipts so far. The lab keeps the last few hundred only, so they are fetched as they come. */
async function receipts(branch) {
  branch.receipts ??= []
  const last = branch.receipts.at(-1)?.number ?? 0
  branch.receipts.push(...await fetch(`${branch.labUrl}/receipts?after=${last}`).then(answer => answer.json()))
  return branch.receipts
}

const number = text => text.match(/\b\d{3}-\d+-\d+-\d{6}-\d{4}-[0-9X]\b/)?.[0]

test(`${sales} sales while the edge is killed and the link is cut`, { timeout: 25 * 60_000 }, async () => {
  let wire
  const chain = await startChain({ branches: 1, through: async url => { wire = await startWire(url); return wire.url } })
  try {
    const branch = chain.branches[0]
    const manager = chain.staff.find(person => person.role === 'manager' && person.branch === branch.code)
    const till = new Till(chain, branch, manager)
    await arrived(till)
    await till.command('shift_open', { float: 0 })
    const goods = (await till.get('/api/products?category=&text=&offset=0&limit=50')).products.filter(product => !product.weighed && product.price > 0)
    assert.ok(goods.length > 10, 'goods of the sample chain are here')
    const sold = new Set()
    for (let n = 0; n < sales; n += 1) {
      await till.command('add', { product: goods[n % goods.length].number, quantity: 1000 })
      const { bill } = await till.get('/api/bill')
      const due = bill.totals.due_cash
      const afterMs = till.kills.answer < killsInAnswer && n % 3 !== 2 ? Math.random() * 6 : null
      const { done } = await till.command('tender', { code: 'cash', amount: due, due, proof: null, pay_code: null }, afterMs)
      assert.ok(done?.receipt_no, 'the sale is done')
      assert.ok(!sold.has(done.receipt_no), 'a receipt number comes once')
      sold.add(done.receipt_no)
      if ((n % 3 === 2 || till.kills.answer >= killsInAnswer) && till.kills.leased < killsInPrint) {
        if (await till.leased()) await till.killed()
        const { slips } = await till.get('/api/slips')
        if (slips.some(slip => slip.state === 'tried')) till.kills.leased += 1
        await till.tidy()
      }
      if (n % 50 === 20) {
        wire.cut()
        await receipts(branch)
      }
      if (n % 50 === 40) wire.mend()
    }
    wire.mend()
    console.log(`kills between command and answer: ${till.kills.answer}; while a slip was leased: ${till.kills.leased}; link cut: ${wire.cuts} times`)
    assert.ok(till.kills.answer >= killsInAnswer && till.kills.leased >= killsInPrint, 'enough kills where it hurts')
    await settled(till)
    await judge(chain, branch, sold)
  } finally {
    wire?.end()
    await chain.end()
  }
})

/** A new branch first reads people and goods from the hub. */
async function arrived(till) {
  for (let n = 0; n < 300; n += 1) {
    const here = await till.signIn().then(() => till.get('/api/products?category=&text=&offset=0&limit=1'), () => null)
    if (here?.total > 300) return
    await pause(200)
  }
  assert.fail('people and goods do not arrive')
}

/** Waits until everything is at the hub and nothing waits for the printer. */
async function settled(till) {
  for (let n = 0; n < 600; n += 1) {
    const status = await till.get('/api/status')
    if (status.unsent === 0 && (await till.get('/api/slips')).slips.length === 0) return
    if (n % 20 === 0) await till.tidy()
    await pause(200)
  }
  assert.fail('the branch does not come to rest')
}

async function judge(chain, branch, sold) {
  const printed = (await receipts(branch)).filter(receipt => receipt.ending === 'whole' && number(receipt.text))
  const firsts = printed.filter(receipt => !receipt.text.includes('补打')).map(receipt => number(receipt.text))
  assert.equal(new Set(firsts).size, firsts.length, 'no receipt is printed twice unless it says so')
  for (const first of firsts) assert.ok(sold.has(first), `${first} was printed and is a sale`)
  const all = new Set(printed.map(receipt => number(receipt.text)))
  assert.deepEqual([...sold].filter(receipt => !all.has(receipt)), [], 'every sale has its receipt, at least as a copy')
  console.log(`${firsts.length} receipts printed, ${printed.length - firsts.length} copies`)
  await branch.edge.stop()
  await chain.hub.stop()
  const rows = sqlite(join(chain.folder, 'hub', 'hub.db'), 'select receipt_no, count(*) from receipt group by receipt_no')
  assert.deepEqual(rows.filter(([, count]) => count !== '1'), [], 'every sale is at the hub once')
  assert.deepEqual(new Set(rows.map(([receipt]) => receipt)), sold, 'the same sales at the hub as at the till')
  for (const [name, data] of [['hub', join(chain.folder, 'hub')], ['edge', branch.data]]) {
    const before = (await receipts(branch)).length
    const run = what => execFileSync(join(process.env.BINARIES ?? 'target/debug', name), [what, '--data', data], { stdio: 'pipe' }).toString()
    assert.match(run('verify'), /documents and views: compared/)
    assert.match(run('rebuild'), /every view is equal/)
    assert.equal((await receipts(branch)).length, before, 'a rebuild prints nothing')
  }
}

function sqlite(path, sql) {
  const code = 'import sqlite3,sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print("\\t".join(map(str,row)))'
  return execFileSync('python3', ['-c', code, path, sql]).toString().trim().split('\n').filter(Boolean).map(line => line.split('\t'))
}
