// What head office does about members, on the real hub with a real branch: two who are one person are merged, found at the till by either card, and
// taken apart again.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { startChain } from './fixtures/chain.mjs'
import { drawer, firstSignIn, go, listing, shut, signIn } from './fixtures/desk.mjs'
import { axeFaults, openBrowser, openPage, picture } from './fixtures/page.mjs'
import { commandId, Shop } from './fixtures/shop.mjs'
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

async function setting(group, key, value) {
  const body = JSON.stringify({ id: commandId(), group, key, value })
  const status = await page.evaluate(async body => (await fetch('/api/commands/setting_write', { method: 'POST', headers: { 'x-catena': '1' }, body })).status, body)
  assert.equal(status, 200)
}

test('members are filtered, kept as a segment and written to; each result is told', async () => {
  const heard = []
  const gateway = createServer((request, response) => {
    let body = ''
    request.on('data', part => (body += part))
    request.on('end', () => {
      heard.push(JSON.parse(body))
      response.setHeader('content-type', 'application/json').end('{"id":"g1"}')
    })
  }).listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  try {
    await writeFile(join(chain.folder, 'hub', 'gateways.toml'), `[sms]\naddress = "http://127.0.0.1:${gateway.address().port}/"\nkey = "k"\n`, { mode: 0o600 })
    // At any hour of the day that this runs.
    for (const key of ['message_quiet_from', 'message_quiet_until']) await setting('messages', key, '0')
    await go(page, '/messages')
    await page.getByRole('button', { name: '新模板' }).click()
    const form = page.locator('.ant-modal').last()
    await form.getByLabel('名称').fill('余额通知')
    await form.getByLabel('代码').fill('balance')
    await form.getByLabel('内容').fill('{name}，您的储值余额为{value}元，积分{points}分。')
    await looked('05-template')
    await form.getByRole('button', { name: '保存' }).click()
    await listing(page, '消息模板').getByText('余额通知').waitFor()
    await go(page, '/members')
    await page.locator('.page-head input').fill('6001')
    await page.keyboard.press('Enter')
    await listing(page, '会员').locator('tbody button').first().click()
    await drawer(page).getByLabel('短信').click()
    await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: '同意接收' }).click()
    await shut(page)
    await go(page, '/members')
    await page.getByRole('button', { name: '筛选' }).click()
    const fields = page.getByRole('form', { name: '筛选' })
    await fields.getByLabel('储值余额从').fill('0.01')
    await fields.getByRole('button', { name: '查询' }).click()
    await page.waitForURL(/filter=/)
    await fields.getByRole('button', { name: '存为分群' }).click()
    await page.getByLabel('分群名称').fill('有储值的')
    await page.locator('.ant-popconfirm').getByRole('button', { name: '保存' }).click()
    await page.getByText('已存为“有储值的”').waitFor()
    await looked('06-filtered')
    await page.getByRole('button', { name: '发消息' }).click()
    const ask = page.locator('.ant-modal').last()
    await ask.getByText('没同意接收').waitFor()
    await looked('07-sending')
    await ask.getByRole('button', { name: '发给 1 人' }).click()
    await drawer(page).getByText('已发').waitFor({ timeout: 30_000 })
    await looked('08-sent')
    assert.equal(heard.length, 1)
    assert.match(heard[0].text, /^.+，您的储值余额为\d+\.\d\d元，积分\d+分。$/)
    await shut(page)
  } finally {
    gateway.close()
  }
})
