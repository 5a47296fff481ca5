// What comes out on paper, and where: a printer per till, a dead printer's slips on another one, the signature of a member who pays with stored
// value. Judged by what each printer received.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { startLab } from './fixtures/chain.mjs'
import { axeFaults, openPage, picture, tablet } from './fixtures/page.mjs'
import { code, inEnglish, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { until } from './fixtures/wait.mjs'

let story, page, person, back, second
/** Slips that a printer which comes back prints without being asked. */
const unasked = 3

before(async () => {
  story = await startStory({ settings: ['value,proof,signature', 'value,free_below_minor,0'] })
  ;({ page, person } = story)
  const lab = await startLab(story.chain, 'back')
  back = { ...story.labOf(lab.labUrl), path: lab.ports.find(({ device }) => device === 'printer').path }
})
after(() => story?.end())

const on = async (where, number) => (await where.receipts()).filter(({ text }) => text.includes(number)).length
const sell = async at => {
  await till.scan(at, code)
  return (await till.command(at, 'tender', () => at.keyboard.press('F9'))).done.receipt_no
}

test('the technician binds a second printer to till 2 and tries it', async () => {
  const technician = await openPage(story.browser, `${story.shop.url}/technician`)
  await till.signInTo(technician, person('technician'), '.technician .device')
  await technician.getByRole('button', { name: '绑定新设备' }).click()
  const sheet = technician.locator('[data-sheet=binding]')
  await sheet.locator('[list=ports]').fill(back.path)
  await sheet.locator('input').nth(1).fill('后台打印机')
  await sheet.locator('[name=tills]').fill('2')
  await picture(technician, 'slips-01-binding')
  assert.deepEqual(await axeFaults(technician), [])
  await till.command(technician, 'bind_device', () => sheet.locator('button[type=submit]').click())
  const card = technician.locator('.technician .device', { hasText: '后台打印机' })
  await card.getByText('打 2 号机的小票').waitFor()
  await card.locator('.mark', { hasText: '正常' }).waitFor({ timeout: 20_000 })
  await till.command(technician, 'test_print', () => card.getByRole('button', { name: '试打一张' }).click())
  await card.getByText('试打：小票已打').waitFor()
  assert.equal(await on(back, 'CATENA-TEST'), 1)
  await picture(technician, 'slips-02-two-printers')
  assert.deepEqual(await axeFaults(technician), [])
  await technician.context().close()
})

test('each till prints at its own printer', async () => {
  second = await openPage(story.browser, `${story.shop.url}/?till=2`)
  await till.signIn(second, person('manager'))
  await till.openShift(second, '300')
  const [one, two] = [await sell(page), await sell(second)]
  await until(async () => (await on(story, one)) === 1 && (await on(back, two)) === 1, 15_000)
  assert.deepEqual([await on(back, one), await on(story, two)], [0, 0])
})

test('a dead printer\'s slip goes to another one with one touch, or with two keys', async () => {
  await back.lab('paper/out')
  await second.locator('.sign.bad', { hasText: '后台打印机' }).waitFor({ timeout: 20_000 })
  const first = await sell(second)
  const offer = second.locator('.done .print button', { hasText: '小票打印机' })
  await offer.waitFor()
  await picture(second, 'slips-03-another-printer')
  assert.deepEqual(await axeFaults(second), [])
  await till.command(second, 'slip_print', () => offer.click())
  await until(async () => (await on(story, first)) === 1, 15_000)
  await second.locator('.done .print.printed').waitFor()

  const next = await sell(second)
  await second.locator('.key.sign.warn').waitFor()
  await second.keyboard.press('/')
  const sheet = second.locator('[data-sheet=slips]')
  await sheet.locator('tbody tr').first().waitFor()
  await picture(second, 'slips-04-waiting')
  assert.deepEqual(await axeFaults(second), [])
  await till.command(second, 'slip_print', () => second.keyboard.press('1'))
  await until(async () => (await on(story, next)) === 1, 15_000)
  await second.keyboard.press('Escape')
})

test('a printer that comes back to many slips asks, and they are dropped together', async () => {
  const missed = []
  for (let n = 0; n <= unasked; n += 1) missed.push(await sell(second))
  await back.lab('paper/in')
  await second.locator('.sign.bad').waitFor({ state: 'detached', timeout: 30_000 })
  await second.keyboard.press('/')
  const sheet = second.locator('[data-sheet=slips]')
  await sheet.getByText('等人决定打不打').nth(unasked).waitFor()
  await picture(second, 'slips-05-asks-first')
  await sheet.getByText('都不打了').click()
  await sheet.getByText('没有等着打的小票').waitFor()
  await second.keyboard.press('Escape')
  for (const number of missed) assert.deepEqual([await on(back, number), await on(story, number)], [0, 0])
  const now = await sell(second)
  await until(async () => (await on(back, now)) === 1, 15_000)
})

test('stored value by signature: the page says so, the slip has the line, the sale remembers it', async () => {
  await till.scan(page, '6001')
  await till.scan(page, code)
  await page.keyboard.press('F7')
  const sheet = page.locator('[data-sheet=value]')
  await sheet.getByText('小票上请会员签名').waitFor()
  assert.equal(await sheet.locator('input[type=password]').count(), 0)
  await picture(page, 'slips-06-signature')
  assert.deepEqual(await axeFaults(page), [])
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F7'))
  assert.deepEqual([done.tenders[0].code, done.tenders[0].proof], ['value', 'signature'])
  await until(async () => (await on(story, done.receipt_no)) === 1, 15_000)
  const slip = (await story.receipts()).find(({ text }) => text.includes(done.receipt_no))
  assert.match(slip.text, /会员签名[:：]?\s*_{5,}/)
  await page.reload()
  await page.locator('#box').waitFor()
  const { last } = await page.evaluate(async () => (await fetch('/api/bill')).json())
  assert.deepEqual([last.receipt_no, last.tenders[0].proof], [done.receipt_no, 'signature'])
})

test('the same in English on a tablet', async () => {
  const other = await inEnglish(story, { viewport: tablet })
  await till.scan(other, '6001')
  await till.scan(other, code)
  await other.keyboard.press('F7')
  await other.locator('[data-sheet=value]').getByText('sign', { exact: false }).first().waitFor()
  await picture(other, 'slips-07-signature-english')
  assert.deepEqual(await axeFaults(other), [])
  const { done } = await till.command(other, 'tender', () => other.keyboard.press('F7'))
  await until(async () => (await on(story, done.receipt_no)) === 1, 15_000)
  const slip = (await story.receipts()).find(({ text }) => text.includes(done.receipt_no))
  assert.match(slip.text, /Member signs/)
  await other.context().close()
})
