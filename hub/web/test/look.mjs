// Looks at the dashboard with the fixture behind it: screenshots into `screenshots/`, and axe on every page.
// `node hub/web/test/look.mjs [address]`; starts Vite itself when no address is given.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const root = join(import.meta.dirname, "../../..");
const out = join(root, "screenshots");
mkdirSync(out, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let server;
let address = process.argv[2];
if (address === undefined) {
  process.env.FIXTURE = "1";
  const { createServer } = await import("vite");
  server = await createServer({ root: join(import.meta.dirname, ".."), server: { port: 0 }, logLevel: "error" });
  await server.listen();
  address = server.resolvedUrls.local[0];
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let faults = 0;
let current = "";
const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 }, timezoneId: "Asia/Shanghai" })).newPage();
page.setDefaultTimeout(20_000);
page.on("console", (message) => {
  if ((message.type() === "error" || message.type() === "warning") && !message.text().startsWith("Failed to load")) {
    faults += 1;
    console.log(`console ${current}: ${message.text().slice(0, 400)}`);
  }
});
page.on("pageerror", (error) => {
  faults += 1;
  console.log(`page error ${current}: ${error.message}`);
});

async function look(name, check = true) {
  current = name;
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(out, `hub-${name}.png`) });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
  if (wide) {
    faults += 1;
    console.log(`${name}: wider than the window`);
  }
  if (!check) return;
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa"] }));
  for (const fault of found.violations) {
    faults += 1;
    console.log(`${name}: ${fault.impact} ${fault.id}: ${fault.nodes.slice(0, 3).map((node) => `${node.target} ${node.html.slice(0, 140)}`).join(" | ")}`);
  }
}
const go = async (path, name) => {
  await page.goto(`${address}${path}`);
  await page.waitForSelector("main#content");
  await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => undefined);
  await look(name);
};
const escape = async () => {
  await page.keyboard.press("Escape");
  await page.waitForTimeout(400);
};

await page.goto(address);
await page.waitForSelector("input[type=password]");
await look("01-sign-in");
await page.keyboard.type("900");
await page.keyboard.press("Tab");
await page.keyboard.type("wrong-password");
await page.keyboard.press("Enter");
await look("02-wrong", false);
await page.locator("input[type=password]").fill("head-office");
await page.keyboard.press("Enter");
await page.waitForSelector(".tiles .big");
await page.waitForTimeout(1_000);
await page.request.post(`${address}api/fixture/sale`);
await look("03-overview");
await page.locator(".hours-table, .chart").first().scrollIntoViewIfNeeded();
await page.locator("main#content").evaluate((main) => main.scrollTo(0, 600));
await look("04-overview-below");
await page.locator(".last-sales li button").nth(3).click();
await look("05-sale");
await escape();
for (const [path, name] of [["sales", "06-sales"], ["branches", "07-branches"], ["branches?id=br_04", "08-branch"], ["members", "09-members"], ["members?text=%E7%8E%8B&id=mem_0", "10-member"], ["products", "11-products"], ["products?id=3", "12-product"]]) await go(path, name);
await escape();
await page.locator("table .ant-btn").nth(3).click();
await page.waitForTimeout(500);
await page.locator(".ant-modal input[type=radio]").nth(2).check();
await look("13-price");
await escape();
for (const [path, name] of [["calls", "14-calls"], ["conflicts", "15-conflicts"], ["exceptions", "16-exceptions"], ["import", "17-import"], ["staff", "18-staff"], ["settings", "19-settings"]]) await go(path, name);
await page.request.post(`${address}api/fixture/recover`);
await page.getByText("EN", { exact: true }).click();
for (const [path, name] of [["", "20-overview-en"], ["branches?id=br_04", "21-branch-en"], ["members?id=mem_0", "22-member-en"], ["products", "23-products-en"], ["conflicts", "24-conflicts-en"], ["exceptions", "25-exceptions-en"], ["import", "26-import-en"], ["staff", "27-staff-en"]]) await go(path, name);
await page.setViewportSize({ width: 390, height: 844 });
await go("", "28-phone-en");
await browser.close();
await server?.close();
console.log(`${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
