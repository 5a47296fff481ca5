// K1: the till's machine starts on 1 January 2015, as one does whose battery is empty. Cut off, nothing is sold until a supervisor says what
// time it is; with head office in reach its time is taken without anybody.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { serve } from './fixtures/chain.mjs'
import { clockAt } from './fixtures/clock.mjs'
import { axeFaults, picture } from './fixtures/page.mjs'
import { code, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { until } from './fixtures/wait.mjs'

let story, chain, page, shop, person, slipsOf
const wrong = '2015-01-01 00:03:00'

before(async () => {
  story = await startStory()
  ;({ chain, page, shop, person, slipsOf } = story)
  await till.scan(page, code)
  await till.command(page, 'tender', () => page.keyboard.press('F9'))
  await sent()
})
after(() => story?.end())

const slip = async number => (await slipsOf(number))[0]
const status = () => page.evaluate(async () => (await fetch('/api/status')).json())
const sent = () => until(async () => (await status()).unsent === 0, 10_000)
const sign = () => page.locator('.key.sign.bad', { hasText: '电脑时间不对' })
/** Now, as a date and time field of the browser takes it, some minutes on. */
const field = (minutes = 2) => new Date(Date.now() + (8 * 60 + minutes) * 60_000).toISOString().slice(0, 16)

/** Switches the branch's machine off and on again, with this clock. */
async function restart(env) {
  await shop.edge.stop()
  shop.edge = await serve(chain, 'edge', shop.data, shop.address, env)
  await page.reload()
  await page.locator('[name=pin]').fill(person('cashier').pin)
  await page.keyboard.press('Enter')
  await page.locator('#box').waitFor()
}

test('cut off and in the year 2015 the till sells nothing and says why', async () => {
  await chain.hub.stop()
  await restart(clockAt(wrong))
  await sign().waitFor()
  assert.match(await page.locator('.bar .now').getAttribute('class'), /bad/)
  assert.equal((await till.scan(page, code)).code, 'clock_wrong')
  assert.match(await till.notice(page), /电脑时间不对.*店长改时间/)
  await picture(page, 'clock-01-wrong')
  assert.deepEqual(await axeFaults(page), [])
})

test('a supervisor sets it, not before the last entry; what is sold then is of this year and marked', async () => {
  await sign().click()
  const sheet = page.locator('[data-sheet=clock]')
  const override = page.locator('[data-sheet=override]')
  const say = async time => {
    await sheet.locator('input').fill(time)
    await sheet.locator('button[type=submit]').click()
    await override.locator('[name=code]').fill(person('manager').code)
    await override.locator('[name=pin]').fill(person('manager').pin)
    return till.command(page, 'set_clock', () => page.keyboard.press('Enter'))
  }
  await sheet.locator('input').waitFor()
  await picture(page, 'clock-02-set')
  assert.deepEqual(await axeFaults(page), [])
  assert.equal((await say('2015-01-01T08:00')).code, 'clock_too_early')
  await picture(page, 'clock-03-too-early')
  await page.keyboard.press('Escape')
  await sign().click()
  await say(field())
  await sign().waitFor({ state: 'detached' })
  await till.scan(page, code)
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  const year = String(new Date().getFullYear())
  await until(async () => (await slip(done.receipt_no)) !== undefined, 10_000)
  assert.ok((await slip(done.receipt_no)).text.includes(year))
  assert.equal(new Date(done.at_ms).getFullYear(), Number(year))
  await picture(page, 'clock-04-sold')
})

test('with head office in reach its time is taken, and nobody is asked', async () => {
  chain.hub = await serve(chain, 'hub', `${chain.folder}/hub`, chain.hubAddress)
  await restart(clockAt(wrong))
  await until(async () => (await status()).link.state === 'up', 20_000)
  assert.equal((await status()).clock.ok, true)
  await till.scan(page, code)
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  assert.ok(Math.abs(done.at_ms - Date.now()) < 60_000, 'it is head office\'s time, not the supervisor\'s')
  await sent()
})
