// What goes wrong at a till, on the real binaries: a scanner that says Enter twice, a second tab, a host that dies under the page, a
// printer unplugged inside a receipt. Nothing is lost, nothing is doubled, and the page says what to do.

import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { serve } from './fixtures/chain.mjs'
import { firstSignIn, signIn } from './fixtures/desk.mjs'
import { axeFaults, openPage, picture, tablet } from './fixtures/page.mjs'
import { code, inEnglish, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { until } from './fixtures/wait.mjs'

let story, chain, browser, page, shop, person, lab, receipts, slipsOf
/** 补打 in GBK, as the printer gets it. */
const copyMark = 'B2B9B4F2'

before(async () => {
  story = await startStory()
  ;({ chain, browser, page, shop, person, lab, receipts, slipsOf } = story)
})
after(() => story?.end())

const pieces = async on => (await till.lines(on)).reduce((sum, line) => sum + Number(line.quantity), 0)

test('a scanner that ends a code with CR LF scans it once, and its second Enter pays nothing', async () => {
  await till.scan(page, code)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await till.scan(page, code)
  await page.keyboard.press('Enter')
  assert.equal(await pieces(page), 2)
  assert.equal(await page.locator('.notice').count(), 0)
  assert.equal(await till.boxHasFocus(page), true)
})

test('two tabs on one till show one bill, and it is paid once', async () => {
  const other = await page.context().newPage()
  await other.goto(shop.url)
  await other.locator('.line').first().waitFor()
  assert.equal(await pieces(other), 2)
  await till.scan(other, code)
  await until(async () => (await pieces(page)) === 3)
  const before = (await receipts()).length
  const [first, second] = await Promise.all([page, other].map(on => till.command(on, 'tender', () => on.keyboard.press('F9'))))
  const done = [first, second].filter(answer => answer.done)
  const refused = [first, second].find(answer => answer.code)
  assert.equal(done.length, 1)
  assert.match(refused.code, /empty_bill|nothing_due|due_changed|gone/)
  await picture(refused === first ? page : other, 'trouble-01-paid-in-the-other-tab')
  for (const on of [page, other]) await on.locator('.bill .done').waitFor()
  await until(async () => (await receipts()).length === before + 1)
  await other.close()
})

test('the host dies under the page: it says so, comes back by itself, and the bill is there', async () => {
  for (let n = 0; n < 3; n += 1) await till.scan(page, code)
  const before = await till.lines(page)
  await shop.edge.kill()
  await page.locator('.no-host').waitFor({ timeout: 15_000 })
  await picture(page, 'trouble-02-no-host')
  assert.deepEqual(await axeFaults(page), [])
  const other = await openPage(browser, shop.url, { viewport: tablet }).catch(fault => String(fault))
  assert.match(String(other), /ERR_CONNECTION_REFUSED/)
  shop.edge = await serve(chain, 'edge', shop.data, shop.address)
  await page.locator('[name=pin]').waitFor({ timeout: 15_000 })
  await picture(page, 'trouble-03-locked-with-its-bill')
  await page.locator('[name=pin]').fill(person('cashier').pin)
  await page.keyboard.press('Enter')
  await page.locator('#box').waitFor()
  assert.deepEqual(await till.lines(page), before)
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  await until(async () => (await slipsOf(done.receipt_no)).length === 1, 15_000)
})

test('the printer is unplugged inside a receipt: the device is named, and only a person prints it again, as a copy', async () => {
  await page.locator('.sign.bad').waitFor({ state: 'detached' })
  await lab('power/loss/80')
  await till.scan(page, code)
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F10'))
  const sign = page.locator('.key.sign.bad').first()
  await sign.waitFor({ timeout: 20_000 })
  assert.match(await sign.textContent(), /小票打印机/)
  await picture(page, 'trouble-04-unplugged')
  await sign.click()
  const devices = page.locator('[data-sheet=devices]')
  await devices.locator('li.failed, li.trying').first().waitFor()
  await picture(page, 'trouble-05-what-to-do')
  assert.deepEqual(await axeFaults(page), [])
  await page.keyboard.press('Escape')
  await lab('replug/printer')
  await page.locator('.key.sign.bad').waitFor({ state: 'detached', timeout: 30_000 })
  const whole = async () => (await slipsOf(done.receipt_no)).filter(({ ending }) => ending === 'whole')
  await page.locator('.key.sign.warn').click()
  const slips = page.locator('[data-sheet=slips]')
  await slips.locator('tbody tr').first().waitFor()
  await picture(page, 'trouble-06-slip-waits')
  assert.deepEqual(await axeFaults(page), [])
  assert.equal((await whole()).length, 0, 'it is not printed again by itself')
  await till.command(page, 'slip_print', () => slips.locator('tbody tr .actions button').first().click())
  await until(async () => (await whole()).length === 1, 20_000)
  assert.ok((await whole())[0].hex.includes(copyMark))
  await slips.locator('tbody tr').first().waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
})

test('in English on a tablet the same trouble reads in English', async () => {
  const other = await inEnglish(story, { viewport: tablet })
  await lab('unplug/printer')
  const sign = other.locator('.key.sign.bad').first()
  await sign.waitFor({ timeout: 20_000 })
  await sign.tap()
  const devices = other.locator('[data-sheet=devices]')
  await devices.locator('li').first().waitFor()
  assert.match(await devices.textContent(), /plug/)
  await picture(other, 'trouble-07-english')
  assert.deepEqual(await axeFaults(other), [])
  await lab('replug/printer')
  await other.context().close()
})

test('a second medium that is gone is named at the till and at head office, stops nothing, and is well again by itself', async () => {
  const usb = join(chain.folder, 'usb')
  const config = join(shop.data, 'edge.toml')
  await shop.edge.stop()
  await writeFile(config, `mirror = "${join(usb, 'mirror')}"\n\n${await readFile(config, 'utf8')}`)
  shop.edge = await serve(chain, 'edge', shop.data, shop.address)
  await page.reload()
  await page.locator('[name=pin]').fill(person('cashier').pin)
  await page.keyboard.press('Enter')
  await page.locator('#box').waitFor()
  await page.getByText('中文').click()
  await till.scan(page, code)
  await till.command(page, 'tender', () => page.keyboard.press('F9'))
  const sign = page.locator('.key.sign.bad', { hasText: '备份盘' })
  await sign.waitFor({ timeout: 15_000 })
  await sign.click()
  await page.locator('[data-sheet=devices] li.failed').getByText('插好备份盘').waitFor()
  await picture(page, 'trouble-08-mirror')
  assert.deepEqual(await axeFaults(page), [])
  await page.keyboard.press('Escape')
  const desk = await openPage(browser, chain.hubUrl)
  await signIn(desk, firstSignIn(chain.firstSignIn))
  await desk.locator('nav').waitFor()
  const told = () => desk.evaluate(async () => (await (await fetch('/api/branches')).json()).rows.flatMap(branch => branch.devices).find(({ kind }) => kind === 'mirror'))
  await until(async () => (await told())?.what === 'mirror_fails', 20_000, 500)
  await mkdir(usb)
  await till.scan(page, code)
  await till.command(page, 'tender', () => page.keyboard.press('F9'))
  await sign.waitFor({ state: 'detached', timeout: 15_000 })
  await until(async () => (await told())?.state === 'ok', 20_000, 500)
  await desk.context().close()
})
