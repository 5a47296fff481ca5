// A day at the member desk, on the real binaries: packages, the card desk, quick consumption, points as money, and what is put right
// afterwards. One chain; a manager, who has every right of the branch, works in Chinese at the keyboard and in English by touch.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { firstSignIn } from './fixtures/desk.mjs'
import { axeFaults, picture, tablet } from './fixtures/page.mjs'
import { Shop } from './fixtures/shop.mjs'
import { code, fen, inEnglish, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { until } from './fixtures/wait.mjs'

let story, page, desk, member, service

before(async () => {
  story = await startStory({ open: false })
  page = story.page
  const manager = story.person('manager')
  await till.signIn(page, manager)
  await till.openShift(page, '2000')
  desk = new Shop(story.shop.url)
  desk.cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  service = (await desk.goods())[0]
  const office = new Shop(story.chain.hubUrl)
  await office.post('/api/session/sign_in', firstSignIn(story.chain.firstSignIn))
  const item = { services: [service.number], uses: 10, gift: 2, daily: false, from_minute: 0, until_minute: 1_440 }
  const kind = { package: null, code: 'facial', name: '面部护理卡', name_en: 'Facial card', price: 98_000, days: 365, items: [item], branches: [], retired: false }
  await office.command('package_write', kind)
  await till.scan(page, '6001')
  await page.locator('.member .one .name').waitFor()
  member = (await desk.get('/api/bill')).bill.member.id
  await until(async () => (await desk.get(`/api/packages?member=${member}`)).kinds.length === 1, 20_000)
})
after(() => story?.end())

/** A test that failed left its sheet open: the next one begins without. */
async function closeSheets() {
  for (let n = 0; n < 3 && (await page.locator('dialog[open]').count()) > 0; n += 1) await page.keyboard.press('Escape')
}

const sheetOf = (on, name) => on.locator(`[data-sheet=${name}]`)
const now = async () => desk.get(`/api/members/${member}`)

/** Keeps a picture and finds nothing that keeps people out, nor a sheet wider than the window. */
async function looked(name, on = page) {
  await picture(on, `member-desk-${name}`)
  assert.deepEqual(await axeFaults(on), [], name)
  assert.equal(await on.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name} is wider than the window`)
}

async function openPackages(on) {
  await on.locator('.member .does button').nth(1).click()
  await sheetOf(on, 'package').locator('[data-kind=facial]').waitFor()
  return sheetOf(on, 'package')
}

async function openCards(on = page) {
  await on.locator('.member .does button').first().click()
  await sheetOf(on, 'member').getByText(/卡务|Card desk/).click()
  await sheetOf(on, 'card').locator('[data-act]').first().waitFor()
  return sheetOf(on, 'card')
}

test('D1: a package of 10 + 2 is sold for 980.00 by two touches, and its uses stand on the member strip', async () => {
  const sheet = await openPackages(page)
  await sheet.locator('[data-kind=facial]').click()
  await looked('01-package-kinds')
  const { done, member: card } = await till.command(page, 'package_sell', () => sheet.locator('[data-tender=cash]').click())
  assert.deepEqual([done.due, card.packages[0].items[0].here], [98_000, 12])
  await sheet.locator('.done').waitFor()
  await looked('02-package-sold')
  await page.keyboard.press('Escape')
  assert.match(await page.locator('.member .two').textContent(), /剩余次数\s*12/)
})

test('D2, D6, D4: uses are one touch each, one is undone, and both refunds are told before either is paid', async () => {
  const sheet = await openPackages(page)
  const use = () => till.command(page, 'uses_take', () => sheet.locator(`[data-service="${service.number}"]`).click())
  for (const left of [11, 10, 9, 8]) assert.equal((await use()).member.packages[0].items[0].here, left)
  await sheet.getByText('撤销扣次').first().waitFor()
  await looked('03-uses-taken')
  const undone = await till.command(page, 'uses_undo', () => sheet.getByText('撤销扣次').first().click())
  assert.equal(undone.member.packages[0].items[0].here, 9)
  await sheet.getByText('已撤销').waitFor()
  assert.equal((await use()).member.packages[0].items[0].here, 8)
  await sheet.getByText('延期 / 退次').click()
  await sheet.getByLabel('延长几个月').fill('6')
  await sheet.getByLabel('原因').fill('顾客出差')
  await sheet.getByText('退次 588.00').waitFor()
  await looked('04-package-refund')
  const before = (await now()).packages[0].ends
  const extended = await till.command(page, 'package_extend', () => sheet.getByRole('button', { name: '延期', exact: true }).click())
  assert.ok(extended.member.packages[0].ends > before, 'R24')
  const back = await till.command(page, 'package_refund', () => sheet.getByText('退次 588.00').click())
  assert.deepEqual([back.done.due, back.member.packages.length], [-58_800, 0])
  await page.keyboard.press('Escape')
})

test('the same packages in English by touch on a tablet', async () => {
  const other = await inEnglish(story, { viewport: tablet })
  const sheet = await openPackages(other)
  await sheet.locator('[data-kind=facial]').tap()
  await till.command(other, 'package_sell', () => sheet.locator('[data-tender=wechat]').tap())
  const { member: card } = await till.command(other, 'uses_take', () => sheet.locator(`[data-service="${service.number}"]`).tap())
  assert.equal(card.packages[0].items[0].here, 11)
  await looked('05-packages-english', other)
  await sheet.locator('.actions button').last().tap()
  const cards = await openCards(other)
  await looked('06-card-desk-english', other)
  await cards.locator('.actions button').last().tap()
  assert.deepEqual(other.faults.filter(text => !text.startsWith('Failed to load')), [])
  await other.keyboard.press('Escape')
  const spoken = other.waitForResponse(answer => answer.url().endsWith('/api/session/language'))
  await other.getByText('中文').click()
  await spoken
  await other.context().close()
  await page.reload()
  await page.locator('.member .does').getByText('资料').waitFor()
})

test('a card is reported lost and lifted again; replaced for a fee and a deposit, the old number is dead', async () => {
  const sheet = await openCards()
  await till.command(page, 'card_report', () => sheet.getByRole('button', { name: '挂失' }).click())
  await sheet.getByText('已挂失').waitFor()
  await looked('07-card-lost')
  await till.command(page, 'card_report', () => sheet.getByRole('button', { name: '解挂' }).click())
  await sheet.getByText('正常').waitFor()
  await sheet.getByLabel('新卡号').fill('88006102')
  await sheet.getByLabel('代替哪张卡').fill('6001')
  await sheet.getByLabel('工本费').fill('10')
  await sheet.getByLabel('押金').fill('20')
  await looked('08-card-replace')
  const { done } = await till.command(page, 'card_issue', () => sheet.locator('[data-tender=cash]').click())
  assert.equal(done.due, 3_000)
  await sheet.locator('.done').waitFor()
  await looked('09-card-replaced')
  await page.keyboard.press('Escape')
  const refused = await till.scan(page, '6001')
  assert.equal(refused.code, 'card_dead')
})

test('B7, B10: a withdrawal tells what it forfeits, a gift goes to a friend, an adjustment wants a second person', async () => {
  const newcomer = { name: '赵新来', phone: '13912345678', birthday: null, gender: null, card: null, pin: null, attach: false, although_taken: false }
  await desk.command('enrol', newcomer)
  let sheet = await openCards()
  await sheet.locator('[data-act=withdraw]').click()
  await sheet.getByLabel('取款金额').fill('300')
  await sheet.getByLabel('原因').fill('顾客要用')
  // Her money lies at head office: the first key fetches it, then the page tells what the second one forfeits.
  const changed = await till.command(page, 'withdraw', () => sheet.locator('[data-tender=cash]').click())
  assert.notEqual(changed.code, undefined)
  await sheet.getByText('收回赠送金 30.00').waitFor()
  await looked('10-withdraw')
  const drawn = await till.command(page, 'withdraw', () => sheet.locator('[data-tender=cash]').click())
  assert.deepEqual([Math.abs(drawn.done.due), drawn.member.value.principal, drawn.member.value.bonus], [30_000, 70_000, 7_000])
  await page.keyboard.press('Escape')
  sheet = await openCards()
  await sheet.locator('[data-act=give]').click()
  await sheet.getByLabel('转给谁').fill('13912345678')
  await page.keyboard.press('Enter')
  await sheet.getByText('139****5678').waitFor()
  await sheet.getByLabel('转赠金额').fill('200')
  await sheet.getByLabel('原因').fill('送朋友')
  await looked('11-give')
  const given = await till.command(page, 'give_value', () => sheet.getByRole('button', { name: '转赠', exact: true }).last().click())
  assert.deepEqual([given.member.value.principal, given.member.value.bonus], [50_000, 7_000])
  await page.keyboard.press('Escape')
  sheet = await openCards()
  await sheet.locator('[data-act=adjust]').click()
  await sheet.getByLabel('本金增减').fill('-10')
  await sheet.getByLabel('原因').fill('上次多充')
  const adjusted = await till.command(page, 'adjust_value', () => sheet.getByRole('button', { name: '余额调整', exact: true }).last().click())
  assert.equal(adjusted.code, 'needs_override', 'a second person stands beside it, also for a manager')
  await sheetOf(page, 'override').waitFor()
  await looked('11b-second-person')
  await page.keyboard.press('Escape')
})

test('quick consumption: an amount and three keys; the tender was wrong and is put right', async () => {
  await closeSheets()
  await page.keyboard.press('F12')
  await page.locator('[data-go=quick]').waitFor()
  await page.keyboard.press(await page.locator('[data-go=quick] kbd').textContent())
  const sheet = sheetOf(page, 'quick')
  await sheet.locator('input').fill('66.66')
  await looked('12-quick')
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  assert.deepEqual([done.tenders[0].code, done.due], ['wechat', 6_333], 'A14 without cash: 9.5 off 66.66')
  await till.press(page, 'receipts')
  await sheetOf(page, 'receipts').getByText(done.receipt_no).click()
  const sale = sheetOf(page, 'sale')
  await sale.getByText('改支付方式').click()
  await sale.locator('.correct').getByRole('button', { name: '现金' }).click()
  await sale.locator('.correct').getByText('收错了').click()
  await looked('13-tender-corrected')
  await till.command(page, 'correct_tender', () => sale.getByText('改好').click())
  await sale.locator('.due', { hasText: '现金' }).waitFor()
  await page.keyboard.press('Escape')
})

test('points pay a part, whole hundreds and at most a fifth; one of twenty pieces comes back', async () => {
  await closeSheets()
  await till.scan(page, '88006102')
  for (let n = 0; n < 20; n += 1) await till.scan(page, code)
  const due = fen(await till.due(page))
  const { tenders } = (await desk.get('/api/till')).session.settings
  const at = tenders.findIndex(({ code: tender }) => tender === 'points')
  assert.notEqual(at, -1, 'points are a tender of the house')
  await page.keyboard.type('1')
  const part = await till.command(page, 'tender', () => page.locator('[data-tender=points]').click())
  assert.equal(part.code, undefined, JSON.stringify(part))
  const paid = part.bill.tenders.find(tender => tender.code === 'points').amount
  assert.deepEqual([paid, paid <= due / 5], [100, true])
  await looked('14-points-as-money')
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  assert.deepEqual(done.tenders.map(tender => tender.code).sort(), ['points', 'wechat'])
  await till.press(page, 'receipts')
  await sheetOf(page, 'receipts').getByText(done.receipt_no).click()
  const sale = sheetOf(page, 'sale')
  await sale.getByRole('button', { name: '退货', exact: true }).click()
  for (let n = 0; n < 19; n += 1) await sale.locator('.stepper button').first().click()
  await sale.locator('.reasons').getByText('商品有损').click()
  await looked('15-part-return')
  const { done: returned } = await till.command(page, 'take_back', () => sale.locator('.actions button').last().click())
  assert.equal(returned.kind, 'return')
  await page.locator('.bill .done').waitFor()
})

test('goods are exchanged on one bill: the old ones pay the new ones, the difference goes back', async () => {
  await closeSheets()
  for (let n = 0; n < 3; n += 1) await till.scan(page, code)
  const old = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  await till.scan(page, code)
  await till.press(page, 'receipts')
  await sheetOf(page, 'receipts').getByText(old.done.receipt_no).click()
  const sale = sheetOf(page, 'sale')
  await sale.getByRole('button', { name: '退货', exact: true }).click()
  await sale.getByRole('button', { name: '换货', exact: true }).click()
  await sale.locator('.swap .reasons').first().locator('button').first().click()
  await looked('15a-swap')
  const { done, bill } = await till.command(page, 'swap', () => sale.locator('[data-swap=done]').click())
  assert.deepEqual([done.kind, done.due * 3, bill], ['sale', old.done.due, null])
  await page.locator('.bill .done').waitFor()
})

test('A19: what is topped up in the middle of paying pays the bill, on one slip', async () => {
  await closeSheets()
  await till.scan(page, '88006102')
  await till.scan(page, code)
  const { bill } = await desk.get('/api/bill')
  const before = (await now()).value
  await till.more(page, 'top_up')
  const sheet = sheetOf(page, 'top_up')
  await sheet.locator('input').first().fill('500')
  await sheet.locator('input').nth(1).fill('600')
  await sheet.locator('[data-pays=true]').click()
  await sheet.getByText('将扣').waitFor()
  await looked('15b-top-up-and-pay')
  const { done, bill: left } = await till.command(page, 'top_up_pay', () => sheet.locator('[data-tender=cash]').click())
  assert.deepEqual([done.kind, done.due, done.change, left], ['sale', bill.totals.due, 10_000, null], '抹零 is for cash alone')
  const { value } = await now()
  assert.equal(value.principal + value.bonus, before.principal + before.bonus + 52_000 - bill.totals.due)
  await page.locator('.bill .done').waitFor()
})

test('a top-up is reversed, goods come back without a receipt', async () => {
  await closeSheets()
  await till.scan(page, '88006102')
  await till.more(page, 'top_up')
  const sheet = sheetOf(page, 'top_up')
  await sheet.locator('input').first().fill('500')
  await page.waitForFunction(() => !document.querySelector('[data-sheet=top_up] [data-tender=cash]').disabled)
  const { done } = await till.command(page, 'top_up', () => sheet.locator('[data-tender=cash]').click())
  await page.keyboard.press('Escape')
  const { value } = await now()
  await till.press(page, 'receipts')
  await sheetOf(page, 'receipts').getByText(done.receipt_no).click()
  const slip = sheetOf(page, 'top_up_slip')
  await slip.getByText('收错了').click()
  await looked('16-reverse-top-up')
  await till.command(page, 'reverse_top_up', () => slip.getByRole('button', { name: '冲正', exact: true }).click())
  assert.deepEqual([(await now()).value.principal, (await now()).value.bonus], [value.principal - 50_000, value.bonus - 2_000])
  await till.press(page, 'receipts')
  await sheetOf(page, 'receipts').getByText('无单退货').click()
  const without = sheetOf(page, 'without')
  await without.locator('input').first().fill(code)
  await without.locator('.reasons').first().locator('button').first().click()
  await without.getByLabel('一共退多少元').fill('1')
  await without.getByText('顾客不要了').click()
  await looked('17-without-receipt')
  const { done: back } = await till.command(page, 'return_without', () => without.locator('button[type=submit]').click())
  assert.equal(back.kind, 'return')
})

test('a gift is had for points and taken back: the points are there again', async () => {
  await closeSheets()
  const office = new Shop(story.chain.hubUrl)
  await office.post('/api/session/sign_in', firstSignIn(story.chain.firstSignIn))
  const cup = { number: null, name: '茶杯', name_en: 'Cup', category: null, unit: '个', weighed: false, plu: null, barcodes: [], discountable: true, earns_points: true, cost: 1_000, gift_points: 10, gift_money: 500, retired: false }
  await office.command('product_write', cup)
  await until(async () => (await desk.get(`/api/gifts?member=${member}`)).gifts.length === 1, 20_000)
  const before = (await desk.get(`/api/gifts?member=${member}`)).usable
  await till.scan(page, '88006102')
  await page.locator('.member .does button').first().click()
  await sheetOf(page, 'member').getByText('积分兑换').click()
  const sheet = sheetOf(page, 'gifts')
  await sheet.locator('[data-gift]').click()
  await looked('17a-gifts')
  const { done } = await till.command(page, 'gifts_take', () => sheet.locator('[data-tender=cash]').click())
  assert.equal(done.due, 500)
  const taken = await desk.get(`/api/gifts?member=${member}`)
  assert.deepEqual([taken.usable, taken.gifts[0].stock], [before - 10, -1_000])
  await sheet.getByRole('button', { name: '撤销兑换' }).first().click()
  await till.command(page, 'redemption_cancel', () => sheet.getByText('顾客不要了').click())
  await sheet.getByText('已撤销').waitFor()
  await looked('17b-gift-taken-back')
  const back = await desk.get(`/api/gifts?member=${member}`)
  assert.deepEqual([back.usable, back.gifts[0].stock], [before, 0])
  await page.keyboard.press('Escape')
})

test('B8: closing the card pays principal and deposit, the bonus is forfeited', async () => {
  await closeSheets()
  const { value } = await now()
  const sheet = await openCards()
  await sheet.locator('[data-act=close]').click()
  await sheet.getByLabel('原因').fill('搬家')
  await sheet.getByText('含押金 20.00').waitFor()
  await looked('18-close')
  const { done, member: card } = await till.command(page, 'card_close', () => sheet.locator('[data-tender=cash]').click())
  assert.deepEqual([Math.abs(done.due), card.value.principal, card.value.bonus], [value.principal + 2_000, 0, 0])
  await page.keyboard.press('Escape')
  assert.equal((await till.scan(page, '88006102')).code, 'card_dead')
  assert.deepEqual(page.faults.filter(text => !text.startsWith('Failed to load')), [])
})
