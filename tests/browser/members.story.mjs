// Members and devices at the till: a card at the reader, stored value that lies elsewhere, a new member, a top-up, paper that runs out.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { axeFaults, openPage, picture } from './fixtures/page.mjs'
import { code, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { until } from './fixtures/wait.mjs'

let story, browser, page, shop, person, lab, receipts

before(async () => {
  story = await startStory()
  ;({ browser, page, shop, person, lab, receipts } = story)
})
after(() => story?.end())


test('a card at the reader puts its member on the bill without a key', async () => {
  await lab('swipe/6001')
  await page.locator('.member .one .name').waitFor()
  assert.match(await page.locator('.member .one').textContent(), /王小明.*138\*{4}8000/)
  assert.equal(await till.boxHasFocus(page), true)
  await picture(page, 'members-01-card')
})

test('stored value shows what it takes before it takes it, and is fetched from where it lies', async () => {
  await till.scan(page, code)
  await page.keyboard.press('F7')
  const sheet = page.locator('[data-sheet=value]')
  await sheet.locator('.due b').waitFor()
  await picture(page, 'members-02-value')
  assert.deepEqual(await axeFaults(page), [])
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F7'))
  assert.equal(done.tenders[0].code, 'value')
  assert.equal(done.tenders[0].principal + done.tenders[0].bonus, done.due)
  assert.equal(await till.boxHasFocus(page), true)
})

test('a new member is enrolled with name and phone, and is on the bill', async () => {
  await till.more(page, 'enrol')
  const sheet = page.locator('[data-sheet=enrol]')
  await sheet.locator('[name=name]').fill('赵新来')
  await sheet.locator('[name=phone]').fill('13912345678')
  await sheet.locator('[name=birthday]').fill('19901121')
  assert.deepEqual(await axeFaults(page), [])
  await picture(page, 'members-03-enrol')
  const { member } = await till.command(page, 'enrol', () => sheet.locator('button[type=submit]').click())
  assert.equal(member.phone, '139****5678')
  await page.locator('.member .one .name').waitFor()
})

test('what stands about the member is put right from the bill', async () => {
  await page.locator('.member .does').getByText('资料').click()
  const member = page.locator('[data-sheet=member]')
  await member.getByText('改资料').click()
  const sheet = page.locator('[data-sheet=member_edit]')
  await sheet.locator('[name=phone]').fill('13800138000')
  const taken = await till.command(page, 'member_edit', () => sheet.locator('button[type=submit]').click())
  assert.equal(taken.code, 'phone_taken')
  await sheet.getByText('两人共用这个号码').waitFor()
  await picture(page, 'members-03b-phone-taken')
  assert.deepEqual(await axeFaults(page), [])
  await sheet.locator('[name=name]').fill('赵新')
  await sheet.locator('[name=phone]').fill('13912340000')
  await sheet.locator('[name=note]').fill('爱喝热的')
  await till.command(page, 'member_edit', () => sheet.locator('button[type=submit]').click())
  await member.getByText('爱喝热的').waitFor()
  await picture(page, 'members-03c-put-right')
  assert.deepEqual(await axeFaults(page), [])
  await page.keyboard.press('Escape')
  await page.locator('.member .one').getByText('139****0000').waitFor()
  assert.match(await page.locator('.member .one').textContent(), /赵新/)
})

test('a top-up tells its gift before the money is taken', async () => {
  await till.more(page, 'top_up')
  const sheet = page.locator('[data-sheet=top_up]')
  await sheet.locator('input').first().fill('1500')
  await sheet.getByText('100.00', { exact: false }).first().waitFor()
  await page.waitForFunction(() => !document.querySelector('[data-sheet=top_up] [data-tender=cash]').disabled)
  await picture(page, 'members-04-top-up')
  const { done, member } = await till.command(page, 'top_up', () => sheet.locator('[data-tender=cash]').click())
  assert.deepEqual([done.due, member.value.principal, member.value.bonus], [150000, 150000, 10000])
  await sheet.locator('.done').waitFor()
  await page.keyboard.press('Escape')
})

test('paper runs out: the bar names the printer, the sale goes on, the slip comes with the new roll', async () => {
  const before = (await receipts()).length
  await lab('paper/out')
  await till.scan(page, code)
  await till.command(page, 'tender', () => page.keyboard.press('F9'))
  await page.locator('.sign.bad').first().waitFor({ timeout: 20_000 })
  await picture(page, 'members-05-paper-out')
  await page.locator('.sign.bad').first().click()
  await page.locator('[data-sheet=devices] li').first().waitFor()
  assert.deepEqual(await axeFaults(page), [])
  await page.keyboard.press('Escape')
  await lab('paper/in')
  await until(async () => (await receipts()).length > before, 60_000, 250)
})

test('the technician sees each device, its bytes and what they mean', async () => {
  const other = await openPage(browser, `${shop.url}/technician`)
  await till.signInTo(other, person('technician'), '.technician .device')
  await lab('swipe/6002')
  await other.locator('.technician .device').first().waitFor()
  assert.equal(await other.locator('.technician .device').count(), 3)
  const reader = other.locator('.technician .device', { hasText: '读卡器' }).first()
  await reader.locator('button').first().click()
  await other.locator('.bytes').getByText('磁条卡，第 2 磁道 6002').waitFor()
  assert.equal(await other.locator('.notice').count(), 0)
  assert.deepEqual(await axeFaults(other), [])
  await picture(other, 'members-06-technician')
})
