// A tablet on the shop's network becomes a till: the technician gives out a code at the box, the tablet types it, sells, and is ended.

import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { after, before, test } from 'node:test'

import { serve } from './fixtures/chain.mjs'
import { axeFaults, openBrowser, openPage, picture, tablet } from './fixtures/page.mjs'
import { freePort } from './fixtures/processes.mjs'
import { code, startStory } from './fixtures/story.mjs'
import * as till from './fixtures/till.mjs'
import { staffArrived, until } from './fixtures/wait.mjs'

let story, browser, technician, device, address, port, host, offered

before(async () => {
  story = await startStory({ open: false })
  const { chain, shop, person } = story
  await shop.edge.stop()
  port = await freePort()
  shop.edge = await serve(chain, 'edge', shop.data, shop.address, { CATENA_EDGE_LAN: `127.0.0.1:${port}` })
  await staffArrived(shop, person('technician'))
  host = `catena-${shop.code.toLowerCase()}.local`
  address = `https://${host}:${port}`
  // This machine's resolver need not speak multicast DNS; what the box tells the network is tried in tests/integration/lan.rs.
  browser = await openBrowser([`--host-resolver-rules=MAP ${host} 127.0.0.1`])
})
after(async () => {
  await browser?.close()
  await story?.end()
})

/** Asks the box over TLS as a device that trusts `ca`. */
const ask = (path, ca) => new Promise((resolve, reject) => {
  const asked = request({ host: '127.0.0.1', servername: host, port, path, ca, headers: { host } }, answer => {
    let text = ''
    answer.on('data', part => { text += part })
    answer.on('end', () => resolve(text))
  })
  asked.on('error', reject)
  asked.end()
})

test('the technician sees where tills find the box, and gives out a code', async () => {
  technician = await openPage(story.browser, `${story.shop.url}/technician`)
  await till.signInTo(technician, story.person('technician'), '.technician .tills')
  const tills = technician.locator('.tills')
  await tills.getByText(address).waitFor()
  const { certificate, fingerprint } = await technician.evaluate(async () => ({
    certificate: await (await fetch('/api/lan/authority.crt')).text(),
    fingerprint: (await (await fetch('/api/tills')).json()).lan.fingerprint,
  }))
  const authority = new X509Certificate(certificate)
  assert.equal(authority.fingerprint256, fingerprint)
  assert.equal(await tills.getByText(fingerprint).count(), 1)
  assert.equal(await ask('/healthz', certificate), 'ok', 'OpenSSL trusts the box by its authority')
  await assert.rejects(ask('/healthz'), /self-signed|unable to (get|verify)/)
  await till.command(technician, 'pairing_code', () => tills.getByRole('button', { name: '配对收银台' }).click())
  offered = (await tills.locator('.code').textContent()).trim()
  assert.match(offered, /^\d{4} \d{4}$/)
  await tills.scrollIntoViewIfNeeded()
  await picture(technician, 'lan-01-code')
  assert.deepEqual(await axeFaults(technician), [])
})

test('a tablet types the code and is till 2, in Chinese and English', async () => {
  device = await openPage(browser, address, { viewport: tablet, touch: true, ignoreHTTPSErrors: true })
  await device.getByText('这台设备还不是收银台').waitFor()
  const field = device.locator('[name=code]')
  await field.fill(offered === '0000 0000' ? '00000001' : '00000000')
  await field.press('Enter')
  await device.getByText('配对码不对').waitFor()
  await picture(device, 'lan-02-wrong-code')
  assert.deepEqual(await axeFaults(device), [])
  await device.getByText('English').click()
  await device.getByText('This device is not a till yet').waitFor()
  await picture(device, 'lan-03-english')
  assert.deepEqual(await axeFaults(device), [])
  await device.getByText('中文').click()
  await field.fill(offered)
  await field.press('Enter')
  await device.getByText('登录收银').waitFor()
  await till.signIn(device, story.person('cashier'))
  await till.openShift(device, '300')
  await till.scan(device, code)
  const { done } = await till.command(device, 'tender', () => device.keyboard.press('F9'))
  assert.match(done.receipt_no, /-2-/)
  await until(async () => (await story.slipsOf(done.receipt_no)).length === 1, 15_000)
  await picture(device, 'lan-04-sold')
})

test('the technician sees the till and ends it: it asks for a code without being touched', async () => {
  const row = technician.locator('.tills tbody tr')
  await row.first().waitFor()
  assert.equal(await row.count(), 1)
  await technician.locator('.tills').scrollIntoViewIfNeeded()
  await picture(technician, 'lan-05-paired')
  assert.deepEqual(await axeFaults(technician), [])
  await till.command(technician, 'unpair', () => row.getByRole('button', { name: '取消配对' }).click())
  await device.getByText('这台设备还不是收银台').waitFor({ timeout: 15_000 })
  assert.equal(await row.count(), 0)
})
