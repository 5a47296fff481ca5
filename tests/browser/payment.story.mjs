// Paying as the chain's rules ask for it: stored value by PIN, several tenders with what is still due, and the receipt's QR code that
// brings a sale back.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { serve } from './fixtures/chain.mjs'
import { axeFaults, picture, tablet } from './fixtures/page.mjs'
import { code, fen, inEnglish, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { until } from './fixtures/wait.mjs'

let story, chain, page, shop, person, receipts
const pin = '246810'
/** PINs that are wrong before a member is locked. */
const triesMax = 5

before(async () => {
  story = await startStory({ settings: ['value,proof,pin', 'value,free_below_minor,0'] })
  ;({ chain, page, shop, person, receipts } = story)
})
after(() => story?.end())


async function value(on, keyed) {
  await on.keyboard.press('F7')
  const sheet = on.locator('[data-sheet=value]')
  await sheet.locator('input[type=password]').waitFor()
  await sheet.locator('input[type=password]').fill(keyed)
  return till.command(on, 'tender', () => on.keyboard.press('F7'))
}

test('a member without a PIN chooses one at the till, and pays with it', async () => {
  await till.scan(page, '6001')
  await till.scan(page, code)
  await page.keyboard.press('F7')
  const sheet = page.locator('[data-sheet=value]')
  await sheet.locator('.wrong button').click()
  const member = page.locator('[data-sheet=member]')
  await member.locator('input[type=password]').fill(pin)
  await picture(page, 'payment-01-first-pin')
  assert.deepEqual(await axeFaults(page), [])
  await till.command(page, 'member_pin', () => page.keyboard.press('Enter'))
  await page.keyboard.press('Escape')
  const { done } = await value(page, pin)
  assert.deepEqual([done.tenders[0].code, done.tenders[0].proof], ['value', 'pin'])
  assert.equal(done.tenders[0].principal + done.tenders[0].bonus, done.due)
})

/** Signs in at the till without its page; what the edge says to it. */
async function knocks({ code }, pin) {
  const asked = { method: 'POST', headers: { 'content-type': 'application/json', 'x-catena': '1' }, body: JSON.stringify({ code, pin, till: 1 }) }
  return (await fetch(`${shop.url}/api/session/sign_in`, asked)).json()
}

test('five wrong PINs lock the member and the person, also over a restart; another tender pays', async () => {
  for (let left = triesMax - 1; left >= 0; left -= 1) assert.equal((await knocks(person('technician'), '000000')).args.left, left)
  await till.scan(page, '6001')
  await till.scan(page, code)
  await page.keyboard.press('F7')
  const field = page.locator('[data-sheet=value] input[type=password]')
  for (let left = triesMax - 1; left >= 0; left -= 1) {
    await field.fill('000000')
    const refused = await till.command(page, 'tender', () => page.keyboard.press('F7'))
    assert.deepEqual([refused.code, refused.args.left], ['wrong_member_pin', left])
    if (left === triesMax - 2) {
      assert.match(await till.notice(page), /3/)
      await picture(page, 'payment-02-wrong-pin')
    }
  }
  await picture(page, 'payment-03-locked-pin')
  assert.deepEqual(await axeFaults(page), [])
  await shop.edge.stop()
  shop.edge = await serve(chain, 'edge', shop.data, shop.address)
  assert.equal((await knocks(person('technician'), person('technician').pin)).code, 'pin_locked', 'even the right one')
  await page.reload()
  await page.locator('[name=pin]').fill(person('cashier').pin)
  await page.keyboard.press('Enter')
  await page.locator('.lines .line').first().waitFor()
  assert.equal((await till.lines(page)).length, 1, 'the bill is the till\'s')
  const refused = await value(page, pin)
  assert.equal(refused.code, 'member_pin_locked')
  await page.keyboard.press('Escape')
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  assert.equal(done.tenders[0].code, 'wechat')
})

test('mixed payment: what is still due runs down, change comes from cash only', async () => {
  for (let n = 0; n < 4; n += 1) await till.scan(page, code)
  const due = fen(await till.due(page))
  await page.keyboard.type('10')
  const first = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  assert.equal(first.done, null)
  await page.locator('.totals').getByText('还差').waitFor()
  assert.equal(fen(await till.due(page)), due - 1_000)
  await picture(page, 'payment-04-still-due')
  assert.deepEqual(await axeFaults(page), [])
  await page.keyboard.type('999')
  const refused = await till.command(page, 'tender', () => page.keyboard.press('F10'))
  assert.equal(refused.code, 'over_due')
  assert.match(await till.notice(page), /非现金不找零/)
  await picture(page, 'payment-05-over-due')
  await page.keyboard.press('Escape')
  await page.keyboard.press('F8')
  await page.locator('[data-sheet=cash] input').waitFor()
  await page.keyboard.type('500')
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F8'))
  const inCash = Math.floor(due / 10) * 10 - 1_000
  assert.deepEqual([done.tenders.length, done.change], [2, 50_000 - inCash])
})

test('the QR code of the printed receipt opens its sale, in English on a tablet too', async () => {
  const { receipt } = await till.done(page)
  await until(async () => (await receipts()).some(({ text }) => text.includes(receipt)), 10_000)
  const row = (await receipts()).find(({ text }) => text.includes(receipt))
  const png = await (await fetch(`${shop.labUrl}/receipts/${row.number}.png`)).arrayBuffer()
  const path = join(chain.folder, 'receipt.png')
  await writeFile(path, Buffer.from(png))
  const { stdout } = await promisify(execFile)('zbarimg', ['--quiet', '--raw', path])
  const read = stdout.trim()
  assert.equal(read, receipt)
  const other = await inEnglish(story, { viewport: tablet })
  await till.scan(other, read)
  const sheet = other.locator('[data-sheet=sale]')
  await sheet.locator('.plain li').first().waitFor()
  await picture(other, 'payment-06-sale-english')
  assert.deepEqual(await axeFaults(other), [])
  await sheet.locator('.actions button').nth(2).click()
  await sheet.locator('.reasons button').first().click()
  await picture(other, 'payment-07-return-english')
  await sheet.locator('.actions button').nth(2).click()
  const override = other.locator('[data-sheet=override]')
  if (await override.isVisible()) {
    await override.locator('[name=code]').fill(person('manager').code)
    await override.locator('[name=pin]').fill(person('manager').pin)
    await other.keyboard.press('Enter')
  }
  await other.locator('.bill .done').waitFor()
  await picture(other, 'payment-08-returned-english')
  await till.scan(other, read)
  await other.locator('[data-sheet=sale] .plain li').first().waitFor()
  assert.equal(await other.locator('[data-sheet=sale] .actions button').nth(2).isDisabled(), true, 'it cannot come back twice')
  await other.context().close()
})
