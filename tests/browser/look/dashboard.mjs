// Every page of the dashboard, as head office goes through them.

/** Walks through them. */
export async function steps({ page, look, address }) {
  const go = async (path, name) => {
    await page.goto(`${address}${path}`)
    await page.waitForSelector('main#content')
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined)
    await look(name)
  }
  const escape = async () => {
    await page.keyboard.press('Escape')
    await page.waitForTimeout(400)
  }

  await page.waitForSelector('input[type=password]')
  await look('01-sign-in')
  await page.keyboard.type('900')
  await page.keyboard.press('Tab')
  await page.keyboard.type('wrong-password')
  await page.keyboard.press('Enter')
  await look('02-wrong', { axe: false })
  await page.locator('input[type=password]').fill('head-office')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.tiles .big')
  await page.waitForTimeout(1_000)
  await page.request.post(`${address}api/fixture/sale`)
  await look('03-overview')
  await page.locator('.hours-table, .chart').first().scrollIntoViewIfNeeded()
  await page.locator('main#content').evaluate((main) => main.scrollTo(0, 600))
  await look('04-overview-below')
  await page.locator('.last-sales li button').nth(3).click()
  await look('05-sale')
  await escape()
  for (const [path, name] of [['sales', '06-sales'], ['branches', '07-branches'], ['branches?id=br_04', '08-branch'], ['members', '09-members'], ['members?text=%E7%8E%8B&id=mem_0', '10-member'], ['products', '11-products'], ['products?id=3', '12-product']]) await go(path, name)
  await escape()
  await page.locator('table .ant-btn').nth(3).click()
  await page.waitForTimeout(500)
  await page.locator('.ant-modal input[type=radio]').nth(2).check()
  await look('13-price')
  await escape()
  for (const [path, name] of [['calls', '14-calls'], ['conflicts', '15-conflicts'], ['exceptions', '16-exceptions'], ['import', '17-import'], ['staff', '18-staff'], ['settings', '19-settings']]) await go(path, name)
  await page.request.post(`${address}api/fixture/recover`)
  await page.getByText('EN', { exact: true }).click()
  for (const [path, name] of [['', '20-overview-en'], ['branches?id=br_04', '21-branch-en'], ['members?id=mem_0', '22-member-en'], ['products', '23-products-en'], ['conflicts', '24-conflicts-en'], ['exceptions', '25-exceptions-en'], ['import', '26-import-en'], ['staff', '27-staff-en']]) await go(path, name)
  await page.setViewportSize({ width: 390, height: 844 })
  await go('', '28-phone-en')
}
