// A day at head office, on the real hub with two real branches: their tills sell while the dashboard looks on.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'

import { startChain } from './fixtures/chain.mjs'
import { drawer, fen, firstSignIn, go, listing, rows, shut, signIn, tile } from './fixtures/desk.mjs'
import { axeFaults, openBrowser, openPage, picture, tablet } from './fixtures/page.mjs'
import { Shop } from './fixtures/shop.mjs'
import * as till from './fixtures/till.mjs'
import { staffArrived, until } from './fixtures/wait.mjs'
import { startWire } from './fixtures/wire.mjs'

const SECOND = 1_000
const wires = {}
let chain, browser, page, tillPage, first, second, goods, sold

before(async () => {
  chain = await startChain({ branches: 2, through: async (url, code) => (wires[code] = await startWire(url)).url })
  const shops = chain.branches.map(branch => Object.assign(new Shop(branch.url), { branch }))
  ;[first, second] = shops
  for (const shop of shops) {
    await staffArrived(shop.branch, person('cashier', shop))
    await shop.open(person('manager', shop))
  }
  goods = await first.goods()
  browser = await openBrowser()
  page = await openPage(browser, chain.hubUrl)
  tillPage = await openPage(browser, first.branch.url)
})
after(async () => {
  await browser?.close()
  await chain?.end()
  for (const wire of Object.values(wires)) wire.end()
})

const person = (role, shop) => chain.staff.find(one => one.role === role && one.branch === shop.branch.code)
const wireOf = shop => wires[shop.branch.code]
const lab = (shop, path) => fetch(`${shop.branch.labUrl}/${path}`, { method: 'POST' })
const row = (table, name) => table.locator('tbody tr', { hasText: name }).first()

/** Keeps a picture and finds nothing that keeps people out. */
async function looked(name, at = page) {
  await at.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined)
  await picture(at, `desk-${name}`)
  assert.deepEqual(await axeFaults(at), [], name)
  assert.equal(await at.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name} is wider than the window`)
}

/** Waits for something to be on a page, by push: nobody reads the page again. */
const within = (limitMs, there) => until(there, limitMs, 20)

test('a wrong password says how many tries are left, the right one opens the day', async () => {
  await signIn(page, { code: 'hq', password: 'not the password' })
  await page.getByText('还可试 4 次').waitFor()
  await looked('01-sign-in')
  await signIn(page, firstSignIn(chain.firstSignIn))
  await page.locator('.tiles .big').first().waitFor()
  await page.locator('.last-sales .ant-empty').waitFor()
  await looked('02-no-sales-yet')
})

test('sales stream in as tills sell; turnover, received, top-ups and stored value stay apart, by branch and hour', async () => {
  const member = (await first.get('/api/members?text=6001')).members[0]
  const held = await tile(page, '储值余额')
  sold = await first.sell(goods[0].number, member.id)
  await within(SECOND, async () => (await page.locator('.last-sales li').count()) === 1)
  const other = await second.sell(goods[1].number)
  await within(SECOND, async () => (await page.locator('.last-sales li').count()) === 2)
  await second.command('top_up', { member: (await second.get('/api/members?text=6002')).members[0].id, amount: 100_000, tender: 'wechat', tendered: null, gift: 10_000 })
  await within(SECOND, async () => (await tile(page, '充值')) === 100_000)
  const turnover = sold.due + other.due
  await within(SECOND, async () => (await tile(page, '营业额')) === turnover)
  assert.equal(await tile(page, '实收'), turnover + 100_000)
  assert.equal((await tile(page, '储值余额')) - held, 110_000)
  const table = listing(page, '各门店')
  const figure = async (shop, at) => fen(await row(table, shop.branch.name).locator('td').nth(at).textContent())
  assert.deepEqual([await figure(first, 1), await figure(second, 1), await figure(second, 4)], [sold.due, other.due, 100_000])
  await page.locator('.ant-segmented-item', { hasText: '表' }).click()
  const hours = await page.locator('.hours-table tbody td').allTextContents()
  assert.ok(hours.some(text => fen(text) === sold.due) && hours.some(text => fen(text) === other.due), hours.join(' '))
  await looked('03-overview-table')
  await page.locator('.ant-segmented-item', { hasText: '图' }).click()
  await looked('04-overview')
})

test('a sale opens down to its lines and the record it is', async () => {
  await page.locator('.last-sales li button', { hasText: first.branch.name }).click()
  const panel = drawer(page)
  await panel.getByText(goods[0].name).first().waitFor()
  assert.match(await panel.locator('.entry').textContent(), /str_[0-9a-f]{32}/)
  assert.ok((await panel.textContent()).includes(sold.receipt_no))
  await looked('05-sale')
  await shut(page)
  await go(page, '/sales')
  await within(3 * SECOND, async () => (await rows(listing(page, '销售明细'))).length === 3)
  await looked('06-sales')
})

test('the list of branches shows link, what is unsent and which device fails', async () => {
  await go(page, '/branches')
  const table = listing(page, '门店与设备')
  await row(table, second.branch.name).getByText('正常').first().waitFor()
  await lab(second, 'paper/out')
  await second.sell(goods[2].number)
  await row(table, second.branch.name).getByText('缺纸').waitFor({ timeout: 20_000 })
  await looked('07-branches-paper-out')
  await lab(second, 'paper/in')
  wireOf(second).cut()
  await row(table, second.branch.name).getByText('断开').waitFor({ timeout: 20_000 })
  await looked('08-branch-cut')
  wireOf(second).mend()
  await row(table, second.branch.name).getByText('断开').waitFor({ state: 'detached', timeout: 30_000 })
})

test('a member is found with the balance by place, and the history down to a sale’s lines', async () => {
  await go(page, '/members')
  await page.locator('.page-head input').fill('6001')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '王小明' }).click()
  const panel = drawer(page)
  await listing(panel, '余额在哪里').locator('tbody tr.ant-table-row').first().waitFor()
  await looked('09-member')
  await panel.getByRole('button', { name: sold.receipt_no }).click()
  await drawer(page).getByText(goods[0].name).first().waitFor()
  await looked('10-member-sale')
  await shut(page)
  await shut(page)
})

test('goods show the stock by branch; a sale takes from its own', async () => {
  await go(page, '/products')
  await page.locator('.page-head input').first().fill(goods[0].name)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: goods[0].name, exact: true }).first().click()
  const stocks = listing(drawer(page), '各门店库存')
  const of = async shop => Number((await row(stocks, shop.branch.name).locator('td').nth(1).textContent()).replace('−', '-'))
  await row(stocks, first.branch.name).waitFor()
  const before = [await of(first), await of(second)]
  await first.sell(goods[0].number)
  await within(SECOND, async () => (await of(first)) === before[0] - 1)
  assert.equal(await of(second), before[1])
  await looked('11-product')
})

test('a price changes at the next opening unless now is chosen and confirmed; open and held bills keep theirs', async () => {
  const [good, barcode] = [goods[0], await barcodeOf(goods[0].number)]
  await till.signIn(tillPage, person('cashier', first))
  await till.openShift(tillPage, '100').catch(() => undefined)
  await till.scan(tillPage, barcode)
  await till.command(tillPage, 'hold', () => tillPage.keyboard.press('F3'))
  await till.scan(tillPage, barcode)
  const [kept] = await till.lines(tillPage)
  const priceAtTheTill = async () => (await first.get(`/api/products?category=&text=${barcode}&offset=0&limit=1`)).products[0].price

  await drawer(page).getByRole('button', { name: '调价', exact: true }).click()
  const form = page.locator('.ant-modal').last()
  await form.locator('#price').fill(((good.price + 100) / 100).toFixed(2))
  assert.equal(await form.getByRole('radio', { name: /开门/ }).isChecked(), true)
  await looked('12-price')
  await form.getByRole('button', { name: '保存调价' }).click()
  await drawer(page).getByText('未生效').waitFor()
  assert.equal(await priceAtTheTill(), good.price)

  await drawer(page).getByRole('button', { name: '调价', exact: true }).click()
  await form.locator('#price').fill(((good.price + 200) / 100).toFixed(2))
  await form.getByRole('radio', { name: /马上/ }).check()
  await form.getByRole('button', { name: '马上改价' }).click()
  await form.getByText('请先勾选').waitFor()
  await form.getByRole('checkbox').check()
  await looked('13-price-now')
  await form.getByRole('button', { name: '马上改价' }).click()
  const release = async () => Number((await tillPage.locator('.bar').textContent()).match(/v(\d+)/)[1])
  const before = await release()
  await page.locator('.ant-modal-confirm').getByRole('button', { name: '马上改价' }).click()
  await within(SECOND, async () => (await priceAtTheTill()) === good.price + 200 && (await release()) > before)
  assert.deepEqual((await till.lines(tillPage))[0], kept, 'the open bill keeps its price')
  await till.command(tillPage, 'tender', () => tillPage.keyboard.press('F9'))
  await tillPage.keyboard.press('F4')
  await tillPage.locator('[data-sheet=held] li').first().waitFor()
  await till.command(tillPage, 'recall', () => tillPage.keyboard.press('1'))
  assert.equal((await till.lines(tillPage))[0].amount, kept.amount, 'so does the held one')
  await till.command(tillPage, 'tender', () => tillPage.keyboard.press('F9'))
  await till.scan(tillPage, barcode)
  assert.equal(fen((await till.lines(tillPage))[0].amount), good.price + 200)
  await till.command(tillPage, 'tender', () => tillPage.keyboard.press('F9'))
  await shut(page)
})

async function barcodeOf(number) {
  return (await first.get('/api/products?category=&text=&offset=0&limit=50')).products.find(product => product.number === number).code
}

test('a call rings on the list within a second, with who may be calling', async () => {
  await go(page, '/calls')
  await page.locator('.ant-empty').waitFor()
  await lab(second, 'ring/13800138000')
  await row(listing(page, '来电'), '王小明').waitFor({ timeout: 10_000 })
  await lab(first, 'ring/13911112222')
  await row(listing(page, '来电'), '13911112222').waitFor({ timeout: 10_000 })
  await looked('14-calls')
})

test('two branches change one member while both are cut off; a click settles it at all three', async () => {
  const member = (await first.get('/api/members?text=6001')).members[0].id
  const rename = (shop, name) => shop.command('member_edit', { member, name, phone: null, note: null, although_taken: false })
  for (const shop of [first, second]) wireOf(shop).cut()
  await rename(first, '王晓明')
  await rename(second, '王大明')
  await go(page, '/conflicts')
  await page.getByText('没有资料冲突').waitFor()
  for (const shop of [first, second]) wireOf(shop).mend()
  const conflict = page.locator('.conflict')
  await conflict.waitFor({ timeout: 30_000 })
  const said = await conflict.textContent()
  for (const text of ['王晓明', '王大明', '王小明', first.branch.name, second.branch.name]) assert.ok(said.includes(text), `${text} in ${said}`)
  await looked('15-conflict')
  const other = conflict.locator('li:not(.stands)')
  const chosen = await other.locator('.value').textContent()
  await other.getByRole('button').click()
  await conflict.waitFor({ state: 'detached' })
  const named = async shop => (await shop.get(`/api/members/${member}`)).name
  await until(async () => (await named(first)) === chosen && (await named(second)) === chosen, 10 * SECOND, 100)
  await within(SECOND, async () => !/\d/.test(await page.locator('nav a[href="/conflicts"]').textContent()))
  await go(page, '/members')
  await page.locator('.page-head input').fill('6001')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: chosen }).waitFor()
})

test('a file comes in; its bad lines come back as a file with the reason', async () => {
  await go(page, '/import')
  await page.locator('.filters .ant-select').click()
  await page.locator('.ant-select-item', { hasText: '会员' }).click()
  const file = 'name,phone,card,level\n周新来,13712345678,7001,vip\n吴错号,12,,\n'
  await page.locator('input[type=file]').last().setInputFiles({ name: 'members.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  const table = listing(page, '导入记录')
  await row(table, '完成').waitFor()
  const download = page.waitForEvent('download')
  await row(table, '完成').getByRole('link', { name: '下载' }).click()
  const back = await readFile(await (await download).path(), 'utf8')
  assert.match(back, /吴错号,12,,,3,phone/)
  assert.doesNotMatch(back, /周新来/)
  await looked('16-import')
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: '导出 Excel' }).first().click()
  const sheet = await saved
  assert.match(sheet.suggestedFilename(), /导入记录-\d{8}\.xlsx$/)
  assert.equal((await readFile(await sheet.path())).subarray(0, 2).toString(), 'PK')
})

test('a machine is sealed after its cost was read; what it still sold comes late and is an exception with owner and age', async () => {
  await go(page, '/branches')
  wireOf(second).cut()
  await second.sell(goods[3].number)
  await page.getByRole('button', { name: new RegExp(second.branch.name) }).click()
  const panel = drawer(page)
  await looked('17-branch')
  await panel.getByRole('button', { name: '封存…' }).click()
  const ask = page.locator('.ant-modal-confirm')
  await ask.getByText(/位会员的储值 ¥/).waitFor()
  await looked('18-seal')
  await ask.getByRole('button', { name: '确定' }).click()
  await panel.getByText('已封存，等新主机接入').waitFor()
  await shut(page)
  await go(page, '/exceptions')
  await page.getByText('没有要处理的异常').waitFor()
  wireOf(second).mend()
  const table = listing(page, '异常处理')
  await row(table, second.branch.name).waitFor({ timeout: 30_000 })
  await row(table, second.branch.name).getByRole('button', { name: '我来处理' }).click()
  await row(table, second.branch.name).getByText('处理中').waitFor()
  await looked('19-exceptions')
  await row(table, second.branch.name).getByRole('button', { name: '结案' }).click()
  await page.locator('.ant-modal textarea').fill('旧机在仓库里被人开过，已收回')
  await page.locator('.ant-modal').getByRole('button', { name: '结案' }).click()
  await row(table, second.branch.name).waitFor({ state: 'detached' })
})

test('a branch that will not come back is declared lost on its page; what it still spent of members is collected or written off', async () => {
  const owing = []
  for (const card of ['6003', '6004']) owing.push((await first.get(`/api/members?text=${card}`)).members[0])
  for (const { id } of owing) await first.command('top_up', { member: id, amount: 20_000, tender: 'cash', tendered: null, gift: 0 })
  await until(async () => (await first.get('/api/status')).unsent === 0, 10 * SECOND)
  await go(page, '/branches')
  wireOf(first).cut()
  for (const { id } of owing) {
    await first.command('attach', { member: id })
    await first.command('add', { product: goods[4].number, quantity: 1000 })
    const { due } = (await first.get('/api/bill')).bill.totals
    await first.command('tender', { code: 'value', amount: due, due, proof: null, pay_code: null })
  }
  await page.getByRole('button', { name: new RegExp(first.branch.name) }).click()
  const panel = drawer(page)
  await panel.getByRole('radio', { name: /报失/ }).check()
  await panel.getByRole('button', { name: '封存…' }).click()
  await page.locator('.ant-modal-confirm').getByRole('button', { name: '确定' }).click()
  await panel.getByText('已封存，等新主机接入').waitFor()
  await looked('20-lost')
  await shut(page)
  await go(page, '/exceptions')
  wireOf(first).mend()
  const table = listing(page, '异常处理')
  const of = ({ name }) => table.locator('tbody tr', { hasText: name }).filter({ hasText: '本金' })
  for (const member of owing) await of(await known(member)).waitFor({ timeout: 30_000 })
  await looked('20b-overspent')
  const [collected, givenUp] = await Promise.all(owing.map(known))
  await of(collected).getByRole('button', { name: '收回' }).click()
  await page.getByText('已收回', { exact: true }).waitFor()
  await of(collected).getByText('还欠').waitFor({ state: 'detached' })
  await of(givenUp).getByRole('button', { name: '核销…' }).click()
  await page.locator('.ant-modal textarea').fill('机器丢了，总部承担')
  await looked('20c-write-off')
  await page.locator('.ant-modal').getByRole('button', { name: '核销…' }).click()
  await of(givenUp).waitFor({ state: 'detached' })
})

/** A member as head office names them. */
async function known({ id }) {
  return page.evaluate(async id => (await fetch(`/api/members/${id}`)).json(), id)
}

test('a setting is set in its own unit', async () => {
  await go(page, '/settings')
  await page.getByRole('button', { name: '无人操作多久后锁屏' }).click()
  const form = page.locator('.ant-modal')
  await form.locator('input').fill('15')
  await form.getByText('1 分钟 到 8 小时').or(form.getByText('1 分钟 到 480 分钟')).waitFor()
  await looked('21-setting')
  await form.getByRole('button', { name: '保存' }).click()
  await row(listing(page, '设置'), '无人操作多久后锁屏').getByText('15 分钟').waitFor()
  await page.locator('.page-head button', { hasText: '添加' }).click()
  await form.getByText('会员日积分').click()
  await form.locator('.ant-select').click()
  await page.locator('.ant-select-item', { hasText: '每周一' }).click()
  await looked('21-member-day')
  await form.getByRole('button', { name: '下一步' }).click()
  await form.locator('input').fill('200')
  await form.getByRole('button', { name: '保存' }).click()
  await row(listing(page, '设置'), '会员日（每周一）积分按平时的').getByText('200%').waitFor()
  await page.locator('.page-head button', { hasText: '添加' }).click()
  await form.getByText('单店备用余额上限').click()
  await form.locator('input[type=text]').fill('001')
  await form.getByRole('button', { name: '下一步' }).click()
  await form.locator('input').fill('500')
  await form.getByRole('button', { name: '保存' }).click()
  await row(listing(page, '设置'), '储值：门店 001 每位会员最多放').getByText('¥500.00').waitFor()
  await looked('21-allowance')
  await go(page, '/staff')
  await looked('22-staff')
})

test('in English, at the desk and on a tablet, as the account remembers', async () => {
  await page.locator('.top .ant-segmented-item', { hasText: 'EN' }).click()
  await page.getByRole('heading', { name: 'Staff & rights' }).waitFor()
  const other = await openPage(browser, chain.hubUrl, { viewport: tablet, touch: true })
  await signIn(other, firstSignIn(chain.firstSignIn))
  await other.getByRole('heading', { name: 'Overview' }).waitFor()
  const pages = ['/', '/sales', '/branches', '/members', '/products', '/calls', '/conflicts', '/exceptions', '/import', '/staff', '/settings']
  for (const to of pages) {
    const name = to === '/' ? 'overview' : to.slice(1)
    await go(page, to)
    await looked(`en-${name}`)
    await other.goto(`${chain.hubUrl}${to}`)
    await other.locator('main h1').waitFor()
    await looked(`tablet-${name}`, other)
  }
  assert.deepEqual([...page.faults, ...other.faults].filter(text => !text.startsWith('Failed to load')), [])
  await other.close()
})
