// Looks at the cashier's pages with the fixture behind them: screenshots into `screenshots/`, and axe on every page.
// `node edge/web/test/look.mjs [address]`; starts Vite itself when no address is given.
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
page.setDefaultTimeout(5_000);
page.on("console", (message) => {
  if ((message.type() === "error" || message.type() === "warning") && !message.text().startsWith("Failed to load")) console.log(`console ${current}: ${message.text()}`);
});
page.on("pageerror", (error) => {
  faults += 1;
  console.log(`page error ${current}: ${error.message}`);
});

async function look(name, check = true) {
  current = name;
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(out, `${name}.png`) });
  const small = await page.evaluate(() => {
    const top = document.querySelector("dialog[open]") ?? document;
    return [...top.querySelectorAll("button,input,select,a")]
      .map((one) => ({ box: one.getBoundingClientRect(), text: one.textContent || one.getAttribute("aria-label") }))
      .filter(({ box }) => box.width > 0 && (box.height < 39.5 || box.width < 39.5))
      .map(({ box, text }) => `${text} ${Math.round(box.width)}×${Math.round(box.height)}`);
  });
  if (small.length > 0) {
    faults += 1;
    console.log(`${name}: targets under 40 px: ${small.join(", ")}`);
  }
  if (!check) return;
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa"] }));
  for (const fault of found.violations) {
    faults += 1;
    console.log(`${name}: ${fault.impact} ${fault.id}: ${fault.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(" | ")}`);
  }
}
const scan = async (code) => {
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(120);
};
const key = async (name) => {
  await page.keyboard.press(name);
  await page.waitForTimeout(200);
};

await page.goto(address);
await look("01-sign-in");
await page.keyboard.type("101");
await key("Enter");
await page.keyboard.type("1111");
await key("Enter");
await look("02-shift-open");
await page.keyboard.type("500");
await key("Enter");
await look("03-empty");
await scan("6001");
for (const code of ["6921168509256", "2*6901209212215", "6911988014320", "6920152414019", "6924743915848", "6903148079614", "6920354811234"]) await scan(code);
await look("04-bill");
await scan("999999999999");
await look("05-refusal");
await key("Escape");
await page.keyboard.type("牛");
await page.keyboard.type("奶");
await page.waitForTimeout(500);
await look("06-suggestions");
await key("Escape");
await key("F5");
await page.keyboard.type("8");
await look("07-discount");
await key("Enter");
await look("08-override");
await page.keyboard.type("201");
await key("Tab");
await page.keyboard.type("2222");
await key("Enter");
await page.request.post(`${address}api/fixture/tell`, {
  data: { kind: "call", call: { id: "c1", at_ms: Date.now(), state: "ringing", number: "139****6721", hidden: null, raw_number: null, members: [{ id: "mem_9", name: "李**", phone: "139****6721", level: { name: "高级", name_en: "Senior" }, why: "phone", home: "人民路店" }] } },
});
await look("09-call");
await page.locator(".call button").last().click();
await key("F7");
await page.keyboard.type("123456");
await look("10-value");
await key("Escape");
await key("F8");
await look("11-cash");
await page.keyboard.type("200");
await look("12-cash-change");
await key("F8");
await look("13-done");
await key("F12");
await look("14-more");
await key("1");
await look("15-receipts");
await page.locator(".choices button").first().click();
await page.waitForTimeout(200);
await page.getByText("整单退货").click();
await look("16-return");
await key("Escape");
await key("F1");
await look("17-help");
await key("Escape");
await key("F2");
await page.keyboard.type("8000");
await page.waitForTimeout(300);
await look("18-members");
await key("Enter");
await page.getByRole("button", { name: "充值" }).click();
await page.waitForTimeout(200);
await page.keyboard.type("1000");
await page.waitForTimeout(300);
await look("19-top-up");
await key("Escape");
await scan("6937006501125");
await key("F3");
await key("F4");
await look("20-held");
await key("1");
await key("F9");
await look("21-wechat-done");
await key("F12");
await page.getByText("开卡").click();
await look("22-enrol");
await key("Escape");
await key("F12");
await page.getByText("开班 / 交班").click();
await page.waitForTimeout(200);
await look("23-shift");
await page.keyboard.type("2583.71");
await key("Enter");
await look("24-z");
await key("Escape");
await page.evaluate(() => localStorage.setItem("catena.layout", "tiles"));
await page.reload();
await page.waitForTimeout(400);
await key("Escape");
await scan("6001");
for (const code of ["6921168509256", "3*6901209212215", "6911988014320"]) await scan(code);
await look("25-tiles");
await page.getByText("English").click();
await look("26-tiles-en");
for (const [width, height, tag] of [[1024, 768, "land"], [768, 1024, "port"]]) {
  await page.setViewportSize({ width, height });
  await look(`27-tiles-${tag}`);
  await page.evaluate(() => localStorage.setItem("catena.layout", "scan"));
  await page.reload();
  await page.waitForTimeout(400);
  await key("Escape");
  await look(`28-scan-${tag}`);
  await page.evaluate(() => localStorage.setItem("catena.layout", "tiles"));
  await page.reload();
  await page.waitForTimeout(400);
  await key("Escape");
}
await page.setViewportSize({ width: 1366, height: 768 });
await page.evaluate(() => localStorage.setItem("catena.layout", "scan"));
await page.reload();
await page.waitForTimeout(400);
await key("Escape");
await look("29-bill-en");
await page.locator(".bar").getByText("Lock").click();
await look("30-locked-en");
await page.route("**/api/**", (route) => route.abort());
await page.keyboard.type("1111");
await key("Enter");
await page.waitForTimeout(500);
await look("31-no-host-en");
await page.unroute("**/api/**");
await page.goto(`${address}technician`);
await page.waitForTimeout(800);
await page.getByText("Another cashier").click();
await page.keyboard.type("201");
await key("Enter");
await page.keyboard.type("2222");
await key("Enter");
await page.waitForTimeout(600);
await look("32-technician-en");
await page.getByText("Bind a new device").click();
await look("33-bind-en");
await key("Escape");
await page.getByText("\u4e2d\u6587").click();
await look("34-technician");
await browser.close();
await server?.close();
console.log(`${faults} faults`);
process.exit(faults === 0 ? 0 : 1);
