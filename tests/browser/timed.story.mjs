// Rooms by time on the real binaries: head office sets tariff and rooms; a guest is seated, paused, stopped and paid on an ordinary bill; a
// start by mistake is given up; a pulled plug leaves who sits where. In Chinese at the keyboard and in English by touch.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { serve } from './fixtures/chain.mjs'
import { firstSignIn } from './fixtures/desk.mjs'
import { axeFaults, picture, tablet } from './fixtures/page.mjs'
import { Shop } from './fixtures/shop.mjs'
import { inEnglish, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { until } from './fixtures/wait.mjs'

let story, page, desk, office

before(async () => {
  story = await startStory({ open: false })
  page = story.page
  await till.signIn(page, story.person('manager'))
  await till.openShift(page, '2000')
  desk = new Shop(story.shop.url)
  desk.cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  office = new Shop(story.chain.hubUrl)
  await office.post('/api/session/sign_in', firstSignIn(story.chain.firstSignIn))
})
after(() => story?.end())

const sheet = (on = page) => on.locator('[data-sheet=timed]')
const room = (code, on = page) => sheet(on).locator(`[data-room=${code}]`)

async function looked(name, on = page) {
  await picture(on, `timed-${name}`)
  assert.deepEqual(await axeFaults(on), [], name)
  assert.equal(await on.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${name} is wider than the window`)
}

test('head office sets what time costs; the board of the branch shows its rooms', async () => {
  const service = (await desk.goods())[0].number
  const branch = (await desk.get('/api/till')).branch.id
  const prices = { first_minutes: 60, first: 3_000, step_minutes: 30, step: 1_200, grace_minutes: 5, night_step: 800, night_from: 1_320, night_until: 360, cap: 12_800 }
  const rooms = [{ branch, code: 'A1', name: '听雨' }, { branch, code: 'A2', name: '观山' }]
  const tariff = { tariff: null, code: 'tea', name: '茶室', name_en: 'Tea room', product: service, prices, free: [], rooms, retired: false }
  await office.command('tariff_write', tariff)
  await until(async () => (await desk.get('/api/timed')).rooms.length === 2, 20_000)
  await till.more(page, 'timed')
  await room('A1').getByText('30.00').waitFor()
  await looked('01-board')
})

test('E10: seated, paused, stopped: the minimum is a line of the bill and is paid as any other', async () => {
  const seated = await till.command(page, 'sitting_start', () => room('A1').getByText('开台').click())
  assert.equal(seated.board.rooms[0].sitting.minutes, 0)
  const paused = await till.command(page, 'sitting_pause', () => room('A1').getByText('暂停').click())
  assert.equal(paused.board.rooms[0].sitting.paused, true)
  await till.command(page, 'sitting_pause', () => room('A1').getByText('继续').click())
  await looked('02-seated')
  const stopped = await till.command(page, 'sitting_stop', () => room('A1').getByText('结台', { exact: true }).click())
  assert.deepEqual([stopped.board.rooms[0].sitting, stopped.bill.totals.due], [null, 3_000])
  await sheet().getByText('在单上').waitFor()
  await looked('03-stopped')
  await page.keyboard.press('Escape')
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  assert.deepEqual([done.tenders[0].code, done.due], ['wechat', 3_000])
  assert.deepEqual((await desk.get('/api/timed')).due, [])
})

test('a start by mistake is given up with a reason', async () => {
  await till.more(page, 'timed')
  await till.command(page, 'sitting_start', () => room('A2').getByText('开台').click())
  await room('A2').getByText('补结 / 取消').click()
  await sheet().getByText('收错了').click()
  await looked('04-by-hand')
  const gone = await till.command(page, 'sitting_cancel', () => sheet().getByText('取消开台').click())
  assert.equal(gone.board.rooms[1].sitting, null)
})

test('after a pulled plug the guest still sits, since the same minute', async () => {
  const { board } = await till.command(page, 'sitting_start', () => room('A1').getByText('开台').click())
  const sat = board.rooms[0].sitting
  await story.shop.edge.kill()
  story.shop.edge = await serve(story.chain, 'edge', story.shop.data, story.shop.address)
  await desk.post('/api/session/unlock', { pin: story.person('manager').pin })
  const sits = (await desk.get('/api/timed')).rooms[0].sitting
  assert.deepEqual([sits.id, sits.started_ms], [sat.id, sat.started_ms])
  await desk.command('sitting_stop', { sitting: sat.id, until_ms: null, reason: null })
  await page.reload()
  await page.locator('.lines .line').first().waitFor()
  const { done } = await till.command(page, 'tender', () => page.keyboard.press('F9'))
  assert.equal(done.due, 3_000)
})

test('the board in English by touch on a tablet, and head office reads what ended', async () => {
  const other = await inEnglish(story, { viewport: tablet })
  await till.more(other, 'timed')
  await till.command(other, 'sitting_start', () => room('A2', other).getByText('Start').tap())
  await room('A2', other).getByText('Walk-in').waitFor()
  await looked('05-board-english', other)
  await till.command(other, 'sitting_stop', () => room('A2', other).getByText('Stop', { exact: true }).tap())
  assert.deepEqual(other.faults.filter(text => !text.startsWith('Failed to load')), [])
  await other.context().close()
  const { rows } = await office.get('/api/tariffs')
  assert.deepEqual([rows.length, rows[0].rooms.length], [1, 2])
})
