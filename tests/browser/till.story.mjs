// A day at the till, as the people at it live it: on the real binaries, with simulated devices behind real ptys.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { axeFaults, openPage, picture, tablet } from './fixtures/page.mjs'
import { fen, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { until } from './fixtures/wait.mjs'

let story, browser, page, shop, person, receipts, goods

before(async () => {
  story = await startStory({ open: false })
  ;({ browser, page, shop, person, receipts } = story)
  goods = await piecesByCode(story.chain.folder)
})
after(() => story?.end())

const cashier = () => person('cashier')
const manager = () => person('manager')

/** Goods sold by the piece without a member price: [code, price in fen]. */
async function piecesByCode(folder) {
  const [head, ...rows] = (await readFile(join(folder, 'sample', 'products.csv'), 'utf8')).trim().split(/\r?\n/).map(line => line.split(','))
  const at = name => head.indexOf(name)
  return rows
    .filter(row => row[at('weighed')] === '0' && row[at('member_price')] === '' && row[at('discountable')] === '1' && row[at('barcodes')] !== '')
    .map(row => [row[at('barcodes')].split(' ')[0], Math.round(Number(row[at('price')]) * 100)])
}

test('a cashier signs in, opens the shift, and the scan box waits', async () => {
  await till.signIn(page, cashier())
  await till.openShift(page, '500')
  assert.equal(await till.boxHasFocus(page), true)
  assert.deepEqual(await axeFaults(page), [])
  await picture(page, 'story-01-open')
})

test('a member, five goods and exact WeChat take seven keys; the receipt comes out of the printer once', async () => {
  const before = (await receipts()).length
  const codes = goods.slice(0, 5)
  await till.scan(page, '6001')
  for (const [code] of codes) await till.scan(page, code)
  assert.equal((await till.lines(page)).length, 5)
  const sum = codes.reduce((total, [, price]) => total + price, 0)
  assert.equal(fen(await till.due(page)), Math.floor((sum * 95 + 50) / 100))
  await picture(page, 'story-02-bill')
  assert.deepEqual(await axeFaults(page), [])
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  assert.equal(done.change, 0)
  await picture(page, 'story-03-done')
  await until(async () => (await receipts()).length === before + 1)
})

test('cash with a note shows the change until the next scan, and drops the fen', async () => {
  const [code, price] = goods[7]
  await till.scan(page, `3*${code}`)
  await page.keyboard.press('F8')
  await page.locator('[data-sheet=cash] input').waitFor()
  await page.keyboard.type('500')
  await till.command(page, 'tender', () => page.keyboard.press('F8'))
  const due = Math.floor((price * 3) / 10) * 10
  assert.equal(fen((await till.done(page)).big), 50000 - due)
  await till.scan(page, code)
  assert.equal(await page.locator('.bill .done').count(), 0)
})

test('a scan through an input method left on is read by its keys', async () => {
  const before = await till.lines(page)
  const answer = await till.scanComposed(page, goods[9][0])
  assert.equal(answer.kind, 'added')
  assert.equal((await till.lines(page)).length, before.length + 1)
  assert.equal(await page.locator('#box').inputValue(), '')
})

test('a bill is held and recalled', async () => {
  const held = await till.lines(page)
  await till.command(page, 'hold', () => page.keyboard.press('F3'))
  assert.equal((await till.lines(page)).length, 0)
  await page.keyboard.press('F4')
  await page.locator('[data-sheet=held] button.key').nth(1).waitFor()
  await picture(page, 'story-04-held')
  await till.command(page, 'recall', () => page.keyboard.press('1'))
  assert.deepEqual(await till.lines(page), held)
})

test('a discount beyond the right is allowed on the spot by the manager', async () => {
  await page.keyboard.press('F6')
  await page.locator('[data-sheet=bill_discount] input').first().fill('8')
  await page.keyboard.press('Enter')
  const sheet = page.locator('[data-sheet=override]')
  await sheet.locator('[name=code]').fill(manager().code)
  await sheet.locator('[name=pin]').fill(manager().pin)
  await picture(page, 'story-05-override')
  const { bill } = await till.command(page, 'bill_discount', () => page.keyboard.press('Enter'))
  assert.equal(bill.totals.discounts.find(part => part.kind === 'bill').rate, 8000)
  await till.command(page, 'tender', () => page.keyboard.press('F10'))
})

test('a little comes off by hand for cash, and two sales clerks share the bill; both stand on the slip', async () => {
  const [code, price] = goods[3]
  await till.scan(page, code)
  await page.keyboard.press('Shift+F2')
  const clerks = page.locator('[data-sheet=clerks]')
  const people = clerks.locator('.reasons button')
  await people.nth(1).waitFor()
  const names = (await people.allTextContents()).slice(0, 2).map(text => text.split(' ')[0])
  for (const at of [0, 1]) await people.nth(at).click()
  for (const [at, share] of [[0, '60'], [1, '40']]) await clerks.locator('input').nth(at).fill(share)
  await picture(page, 'story-05b-sales-clerks')
  assert.deepEqual(await axeFaults(page), [])
  const named = await till.command(page, 'sales_clerks', () => page.keyboard.press('Enter'))
  assert.deepEqual(named.bill.sales_clerks.map(clerk => [clerk.person.name, clerk.share]), [[names[0], 6_000], [names[1], 4_000]])
  await page.keyboard.press('Shift+F1')
  const sheet = page.locator('[data-sheet=round_off]')
  await sheet.locator('input').fill('9')
  const refused = await till.command(page, 'round_off', () => page.keyboard.press('Enter'))
  assert.deepEqual([refused.code, refused.args.limit], ['round_off_limit', 99])
  await sheet.locator('input').fill('0.10')
  await picture(page, 'story-05c-round-off')
  await till.command(page, 'round_off', () => page.keyboard.press('Enter'))
  await sheet.waitFor({ state: 'detached' })
  await page.keyboard.press('F8')
  await page.locator('[data-sheet=cash] .note').first().waitFor()
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F8'))
  assert.equal(done.due, Math.floor(price / 10) * 10 - 10)
  await until(async () => (await story.slipsOf(done.receipt_no)).length === 1)
  const [{ text }] = await story.slipsOf(done.receipt_no)
  assert.ok(text.includes(`${names[0]} 60%, ${names[1]} 40%`) && /抹零/.test(text), text)
})

test('a ring shows in the corner, takes no focus and no scan', async () => {
  await fetch(`${shop.labUrl}/ring/13800138000`, { method: 'POST' })
  await page.locator('.call').waitFor({ timeout: 10_000 })
  assert.equal(await till.boxHasFocus(page), true)
  assert.doesNotMatch(await page.locator('.call').textContent(), /\d+\.\d\d/)
  await till.scan(page, goods[3][0])
  await picture(page, 'story-06-call')
  assert.deepEqual(await axeFaults(page), [])
  await page.locator('.call button').last().click()
})

test('an unknown barcode is refused in a sentence, and the bill stays', async () => {
  const before = await till.lines(page)
  await till.scan(page, '6999999999994')
  assert.match(await till.notice(page), /6999999999994/)
  assert.deepEqual(await till.lines(page), before)
})

test('the locked till keeps its bill, and speaks English', async () => {
  const before = await till.lines(page)
  await till.more(page, 'lock')
  await page.locator('[name=pin]').fill(cashier().pin)
  await page.keyboard.press('Enter')
  await page.locator('#box').waitFor()
  await page.getByText('English').click()
  await page.getByText('This bill').waitFor()
  assert.equal((await till.lines(page)).length, before.length)
  assert.deepEqual(await axeFaults(page), [])
  await picture(page, 'story-07-english')
  await page.locator('.bar button[lang="zh-CN"]').click()
  await till.command(page, 'tender', () => page.keyboard.press('F11'))
})

test('a whole sale is taken back by its receipt number', async () => {
  const { receipt } = await till.done(page)
  await till.press(page, 'receipts')
  await page.locator('[data-sheet=receipts] input').fill(receipt)
  await page.keyboard.press('Enter')
  const sheet = page.locator('[data-sheet=sale]')
  await sheet.locator('.actions button').nth(2).click()
  await sheet.locator('.reasons button').first().click()
  await picture(page, 'story-08-return')
  const { done } = await till.command(page, 'take_back', () => sheet.locator('.actions button').nth(2).click())
  assert.equal(done.kind, 'return')
})

test('one piece of two comes back, the refund is shown first, then the rest', async () => {
  await till.scan(page, goods[0][0])
  await till.scan(page, goods[0][0])
  await till.command(page, 'tender', () => page.keyboard.press('F9'))
  const { receipt } = await till.done(page)
  const sheet = page.locator('[data-sheet=sale]')
  const confirm = sheet.locator('.actions button').nth(2)
  const take = async () => {
    await sheet.locator('.reasons button').first().click()
    const shown = await confirm.textContent()
    const { done } = await till.command(page, 'take_back', () => confirm.click())
    assert.match(shown.replace(/,/g, ''), new RegExp((Math.abs(done.due) / 100).toFixed(2).replace('.', '\\.')))
    return Math.abs(done.due)
  }
  await till.scan(page, receipt)
  await confirm.click()
  await sheet.locator('.pieces button').first().click()
  await picture(page, 'story-11-one-piece-back')
  assert.deepEqual(await axeFaults(page), [])
  const first = await take()
  await till.scan(page, receipt)
  await confirm.click()
  await sheet.locator('.pieces').getByText('1', { exact: true }).waitFor()
  const second = await take()
  assert.ok(Math.abs(first - second) <= 1, `${first} and ${second} are the two halves`)
})

test('by touch alone on a tablet: a tile, cash, the exact amount', async () => {
  const context = await openPage(browser, shop.url, { viewport: tablet, touch: true })
  await context.context().addCookies(await page.context().cookies())
  await context.evaluate(() => localStorage.setItem('catena.layout', 'tiles'))
  await context.reload()
  await context.locator('.tile').first().tap()
  await context.locator('.line').first().waitFor()
  await picture(context, 'story-09-tablet')
  assert.deepEqual(await axeFaults(context), [])
  await context.locator('[data-tender=cash]').tap()
  await till.command(context, 'tender', () => context.locator('.note').first().tap())
  assert.notEqual((await till.done(context)).receipt, undefined)
  await context.close()
})

test('the second screen follows the till: lines, due, and what was paid', async () => {
  await page.reload()
  await page.locator('#box').waitFor()
  const [screen] = await Promise.all([page.context().waitForEvent('page'), till.more(page, 'customer')])
  const shows = text => until(async () => ((await screen.locator('main').textContent()) ?? '').includes(text))
  await shows('欢迎光临')
  const [code, price] = goods[0]
  await till.scan(page, code)
  await shows((price / 100).toFixed(2))
  await picture(screen, 'story-09-customer')
  await till.command(page, 'tender', () => page.keyboard.press('F9'))
  await shows('谢谢惠顾')
  await screen.close()
})

test('the shift is closed by a blind count, over and short on the slip', async () => {
  await page.reload()
  await page.locator('#box').waitFor()
  await till.press(page, 'shift')
  const sheet = page.locator('[data-sheet=shift]')
  const handIn = sheet.locator('[data-act=hand_in]')
  await handIn.locator('input').nth(0).fill('100')
  await handIn.locator('input').nth(1).fill('袋 7')
  await handIn.locator('button[type=submit]').click()
  const lends = page.locator('[data-sheet=override]')
  await lends.locator('[name=code]').fill(manager().code)
  await lends.locator('[name=pin]').fill(manager().pin)
  const handed = await till.command(page, 'hand_in', () => page.keyboard.press('Enter'))
  assert.equal(handed.shift.moves.at(-1).amount, 10_000)
  await until(async () => (await receipts()).some(slip => slip.text.includes('中途缴款')))
  await page.reload()
  await page.locator('#box').waitFor()
  await till.press(page, 'shift')
  await picture(page, 'story-10-shift')
  const counting = sheet.locator('form').last()
  await counting.locator('input').first().fill('500')
  assert.doesNotMatch(await sheet.textContent(), /应有/)
  const { shift } = await till.command(page, 'shift_count', () => counting.locator('button[type=submit]').click())
  await sheet.locator('[data-act=again]').click()
  await sheet.locator('[data-act=faces]').click()
  assert.doesNotMatch(await sheet.locator('form').last().textContent(), /应有/)
  const { expected } = shift.counts[0]
  const faces = [10000, 5000, 2000, 1000, 500, 100, 50, 10]
  let left = expected
  for (const [at, face] of faces.entries()) {
    await sheet.locator('.faces input').nth(at).fill(String(Math.floor(left / face)))
    left %= face
  }
  await till.command(page, 'shift_count', () => counting.locator('button[type=submit]').click())
  await sheet.locator('[data-act=close]').waitFor()
  await picture(page, 'story-10-counted')
  const { z } = await till.command(page, 'shift_close', () => sheet.locator('form input').last().press('Enter'))
  assert.deepEqual(z.counts.map(count => count.counted), [50_000, expected - left], 'both counts stand')
  assert.equal(z.cash.over_short, z.cash.counted - z.cash.expected)
  await page.locator('[data-sheet=z]').waitFor()
  await picture(page, 'story-10-z')
  assert.equal(z.cash.handed_in, 10_000)
  assert.deepEqual(page.faults.filter(text => !text.startsWith('Failed to load')), [])
})

test('the manager ends the day; it is printed and cannot end twice', async () => {
  await page.reload()
  await page.locator('#box').waitFor()
  await page.locator('[data-sheet=shift]').waitFor()
  await page.keyboard.press('Escape')
  await till.more(page, 'sign_out')
  await till.signIn(page, manager())
  await page.locator('[data-sheet=shift]').waitFor()
  await page.locator('[data-act=days]').click()
  const days = page.locator('[data-sheet=days]')
  await days.locator('li').first().waitFor()
  await picture(page, 'story-11-days')
  const ended = await till.command(page, 'day_close', () => days.locator('li button').first().click())
  assert.equal(typeof ended.days[0].closed_ms, 'number')
  await until(async () => (await days.locator('li button').count()) === 0)
  await until(async () => (await receipts()).some(slip => slip.text.includes('班数')))
  await picture(page, 'story-11-day-closed')
})
