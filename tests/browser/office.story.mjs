// What head office does about members, on the real hub with a real branch: two who are one person are merged, found at the till by either card, and
// taken apart again.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { startChain } from './fixtures/chain.mjs'
import { drawer, firstSignIn, go, listing, signIn } from './fixtures/desk.mjs'
import { axeFaults, openBrowser, openPage, picture } from './fixtures/page.mjs'
import { Shop } from './fixtures/shop.mjs'
import { staffArrived, until } from './fixtures/wait.mjs'

let chain, browser, page, shop

before(async () => {
  chain = await startChain({ branches: 1 })
  const manager = chain.staff.find(one => one.role === 'manager')
  shop = Object.assign(new Shop(chain.branches[0].url), { branch: chain.branches[0] })
  await staffArrived(shop.branch, manager)
  await shop.open(manager)
  browser = await openBrowser()
  page = await openPage(browser, chain.hubUrl)
  await signIn(page, firstSignIn(chain.firstSignIn))
  await page.locator('.tiles .big').first().waitFor()
})
after(async () => {
  await browser?.close()
  await chain?.end()
})

async function looked(name) {
  await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined)
  await picture(page, `office-${name}`)
  assert.deepEqual(await axeFaults(page), [], name)
}

const atTheTill = async card => (await shop.get(`/api/members?text=${card}`)).members

test('two members who are one person are merged, found at the till by either card, and taken apart again', async () => {
  const [[one], [other]] = [await atTheTill('6001'), await atTheTill('6002')]
  assert.notEqual(one.id, other.id)
  await go(page, '/members')
  await page.locator('.page-head input').fill('6001')
  await page.keyboard.press('Enter')
  await listing(page, '会员').locator('tbody button').first().click()
  await drawer(page).getByRole('button', { name: '合并…' }).click()
  const ask = page.locator('.ant-modal').last()
  await ask.getByLabel('和谁合并').fill('6002')
  await page.locator('.ant-select-item-option').filter({ hasText: '6002' }).click()
  await looked('01-merge')
  await ask.locator('.ant-modal-footer').getByRole('button', { name: '合并…' }).click()
  await drawer(page).getByText('同一个人').first().waitFor()
  await until(async () => (await atTheTill('6002'))[0]?.id === one.id, 1_000, 20)
  assert.equal((await atTheTill('6002')).length, 1)
  await looked('02-merged')
  await drawer(page).getByRole('button', { name: '拆开' }).click()
  await page.locator('.ant-modal-confirm').getByRole('button', { name: '拆开' }).click()
  await until(async () => (await atTheTill('6002'))[0]?.id === other.id, 1_000, 20)
  await drawer(page).getByText('同一个人').waitFor({ state: 'detached' })
})
