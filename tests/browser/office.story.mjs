// What head office does about members, on the real hub with a real branch: two who are one person are merged, found at the till by either card, and
// taken apart again.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { startChain } from './fixtures/chain.mjs'
import { drawer, firstSignIn, go, listing, shut, signIn } from './fixtures/desk.mjs'
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
  await shut(page)
})

test('a file of another system is mapped, tried, brought in and taken back', async () => {
  const csv = (value) => ({ name: 'old.csv', mimeType: 'text/csv', buffer: Buffer.from(`姓名,手机,余额\n赵一,13711110001,${value}\n钱二,12,50.00\n`) })
  const mapped = async value => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: '对列并试算…' }).click()])
    await chooser.setFiles(csv(value))
    const ask = page.locator('.ant-modal').last()
    await ask.getByRole('row').filter({ hasText: '余额' }).locator('.ant-select').click()
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '(value)' }).click()
    return ask
  }
  await go(page, '/import')
  await page.locator('.filters .ant-select').first().click()
  await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '会员' }).click()
  const ask = await mapped('123.45')
  await looked('03-mapping')
  await ask.getByRole('button', { name: '试算' }).click()
  await listing(page, '导入记录').getByText('试算（未入账）').first().waitFor()
  assert.equal((await shop.get('/api/members?text=13711110001')).members.length, 0, 'a trial books nothing')
  await ask.getByRole('button', { name: '导入', exact: true }).click()
  const file = listing(page, '期初文件').locator('tbody tr.ant-table-row').first()
  await file.getByText('123.45').waitFor()
  await until(async () => (await shop.get('/api/members?text=13711110001')).members.length === 1, 2_000, 20)
  await looked('04-brought-in')
  await file.getByRole('button', { name: '撤销' }).click()
  await page.locator('.ant-modal-confirm').getByRole('button', { name: '撤销' }).click()
  await page.getByText('已撤销 1 笔').waitFor()
  await file.getByRole('button', { name: '撤销' }).waitFor({ state: 'detached' })
})
