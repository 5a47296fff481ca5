// A manager of head office sets up the second step of signing in, and comes in with it: with the telephone's code, and once without the telephone.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'

import { startHub } from './fixtures/chain.mjs'
import { firstSignIn, signIn } from './fixtures/desk.mjs'
import { axeFaults, openBrowser, openPage, picture, tablet } from './fixtures/page.mjs'

let chain, browser, page, secret, recovery
/** The last step of 30 seconds whose code was used: the next code is of a later one. */
let used = 0
/** The person's menu. */
const me = '.top button:has(.anticon-user)'

before(async () => {
  chain = await startHub()
  browser = await openBrowser()
  page = await openPage(browser, chain.hubUrl)
})
after(async () => {
  await browser?.close()
  await chain?.end()
})

async function looked(name, at = page) {
  await at.waitForTimeout(300)
  await picture(at, `second-${name}`)
  assert.deepEqual(await axeFaults(at), [], name)
}

/** What an authenticator shows that was given this secret (RFC 4648, RFC 6238). */
function authenticator() {
  used = Math.max(used + 1, Math.floor(Date.now() / 30_000) - 1)
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret].map(letter => letters.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(used))
  const tag = createHmac('sha1', key).update(step).digest()
  return String((tag.readUInt32BE(tag[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

const menu = async (item, at = page) => {
  await at.locator(me).click()
  await at.locator('.ant-dropdown-menu-item', { hasText: item }).click()
}
const within = at => at.locator('.ant-modal')

/** Code and password, and what is asked for then. */
async function signInWith(second, at = page) {
  await signIn(at, firstSignIn(chain.firstSignIn))
  await at.locator('#second').fill(second)
  await at.keyboard.press('Enter')
}

test('it is set up with an authenticator and asked for only after a code of it was typed', async () => {
  await signIn(page, firstSignIn(chain.firstSignIn))
  await menu('两步登录')
  await looked('01-what')
  await within(page).getByRole('button', { name: '开始设置' }).click()
  await within(page).locator('canvas, svg').first().waitFor()
  secret = (await within(page).locator('code').textContent()).trim()
  assert.match(secret, /^[A-Z2-7]{32}$/)
  await looked('02-scan')
  await within(page).locator('#code').fill('000000')
  await page.keyboard.press('Enter')
  await within(page).getByText('动态码不对').waitFor()
  await within(page).locator('#code').fill(authenticator())
  await page.keyboard.press('Enter')
  await within(page).getByText('两步登录已启用').waitFor()
  recovery = (await within(page).locator('.recovery').innerText()).split(/\s+/).filter(Boolean)
  assert.equal(recovery.length, 8)
  await looked('03-recovery')
  await within(page).getByRole('button', { name: '我已保存' }).click()
  await within(page).waitFor({ state: 'hidden' })
})

test('the password alone does not do, nor a wrong code; the right one does', async () => {
  await menu('退出登录')
  await signIn(page, firstSignIn(chain.firstSignIn))
  await page.getByText('请输入验证器上的动态码').waitFor()
  await looked('04-asked')
  await page.locator('#second').fill('000000')
  await page.keyboard.press('Enter')
  await page.getByText('动态码不对').waitFor()
  await looked('05-wrong')
  await page.locator('#second').fill(authenticator())
  await page.keyboard.press('Enter')
  await page.locator(me).waitFor()
})

test('without the telephone a recovery code does, once', async () => {
  await menu('退出登录')
  await signInWith(recovery[2].toLowerCase())
  await page.locator(me).waitFor()
  await menu('退出登录')
  await signInWith(recovery[2])
  await page.getByText('动态码不对').waitFor()
  await page.locator('#second').fill(recovery[3])
  await page.keyboard.press('Enter')
  await page.locator(me).waitFor()
})

test('in English on a tablet it is switched off with the password', async () => {
  const other = await openPage(browser, chain.hubUrl, { locale: 'en-US', viewport: tablet, touch: true })
  await other.locator('.ant-segmented-item', { hasText: 'EN' }).click()
  await signInWith('111111', other)
  await other.getByText('This code is wrong or used').waitFor()
  await looked('en-wrong', other)
  await other.locator('#second').fill(authenticator())
  await other.keyboard.press('Enter')
  await menu('Two-step sign-in', other)
  await looked('en-on', other)
  await within(other).locator('#password').fill('a wrong guess')
  await other.keyboard.press('Enter')
  await within(other).getByText('4 tries left').waitFor()
  await within(other).locator('#password').fill(firstSignIn(chain.firstSignIn).password)
  await other.keyboard.press('Enter')
  await within(other).waitFor({ state: 'hidden' })
  await menu('Sign out', other)
  await signIn(other, firstSignIn(chain.firstSignIn))
  await other.locator(me).waitFor()
  const seen = [...page.faults, ...other.faults].filter(text => !text.startsWith('Failed to load'))
  assert.deepEqual(seen, [])
  await other.close()
})
