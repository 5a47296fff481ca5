// The evening and the next morning: everything is stopped by Ctrl-C and started again on the same data, and goes on where it was.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { serve } from './fixtures/chain.mjs'
import { openPage, picture } from './fixtures/page.mjs'
import { code, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { until } from './fixtures/wait.mjs'

let story, chain, browser, shop, cashier

before(async () => {
  story = await startStory({ open: false })
  ;({ chain, browser, shop } = story)
  cashier = story.person('cashier')
})
after(() => story?.end())

const alive = ({ child }) => {
  try {
    return process.kill(child.pid, 0)
  } catch {
    return false
  }
}

test('Ctrl-C ends each process in order; a second start goes on with the shift, the sale and the stock', async () => {
  const first = await openPage(browser, shop.url)
  await till.signIn(first, cashier)
  await till.openShift(first, '500')
  await till.scan(first, code)
  const { done } = await till.command(first, 'tender', () => first.keyboard.press('F9'))
  await till.scan(first, code)
  await first.context().close()

  const old = [shop.edge, chain.hub]
  for (const running of old) {
    running.child.kill('SIGINT')
    assert.deepEqual(await running.ended, { code: 0, signal: null }, running.said)
  }
  assert.deepEqual(old.map(alive), [false, false])

  chain.hub = await serve(chain, 'hub', `${chain.folder}/hub`, chain.hubAddress)
  shop.edge = await serve(chain, 'edge', shop.data, shop.address)
  const second = await openPage(browser, shop.url)
  await till.signIn(second, cashier)
  assert.equal(await second.locator('[data-sheet=shift]').count(), 0, 'the shift is still open')
  await second.locator('.lines .line').first().waitFor()
  assert.equal((await till.lines(second)).length, 1, 'and so is the bill')
  await picture(second, 'again-01-next-morning')
  const asked = path => second.evaluate(async path => (await fetch(path)).json(), path)
  const { sales } = await asked('/api/sales')
  assert.deepEqual(sales.map(sale => sale.receipt_no), [done.receipt_no])
  const { shift } = await asked('/api/shift')
  assert.deepEqual([shift.float, shift.bills], [50_000, 1])
  const { products } = await asked(`/api/products?text=${code}`)
  assert.ok(products[0].stock > 0, 'opening stock came through the import')
  const status = await asked('/api/status')
  assert.equal(status.price_release, 1, 'the imported list is the first release')
  await until(async () => (await asked('/api/status')).unsent === 0, 10_000)
})
