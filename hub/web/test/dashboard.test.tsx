// Goal: what a person at head office does, on the whole page with a stand-in hub behind it. No timers but the page's own.
import { speak } from "@catena/web/i18n.ts";
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { queries } from "../src/api";
import { Dashboard } from "../src/Dashboard";
import { router } from "../src/router";
import { createFixture } from "./fixture/fixture";

let hub: ReturnType<typeof createFixture>;
let stream: { onmessage: ((message: { data: string }) => void) | null; onopen: (() => void) | null } | null = null;
let streams = 0;

/** The browser's event stream, as far as the page uses it. */
function Stream() {
  streams += 1;
  stream = { onmessage: null, onopen: null };
  return Object.assign(stream, { readyState: 1, close: () => undefined });
}
Stream.CLOSED = 2;

const WAIT = { timeout: 15_000 };

beforeEach(() => {
  hub = createFixture();
  streams = 0;
  queries.clear();
  speak("zh");
  vi.stubGlobal("EventSource", Stream);
  vi.stubGlobal("ResizeObserver", function () {
    return { observe: () => undefined, unobserve: () => undefined, disconnect: () => undefined };
  });
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    const { status, body } = hub.answer(init.method ?? "GET", address, typeof init.body === "string" ? JSON.parse(init.body) : {});
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  router.history.replace("/");
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function signIn(code = "900", password = "head-office") {
  render(<Dashboard />);
  fireEvent.change(await screen.findByLabelText("工号", undefined, WAIT), { target: { value: code } });
  fireEvent.change(screen.getByLabelText("密码"), { target: { value: password } });
  fireEvent.click(screen.getByRole("button", { name: "登录" }));
}
const open = (to: "/products" | "/conflicts" | "/branches", search = {}) => act(() => router.navigate({ to, search }));
const said = (name: string) => hub.said.filter((command) => command.name === name);

describe("the dashboard", () => {
  it("says how many tries are left, and opens nothing", async () => {
    await signIn("900", "wrong");
    expect(await screen.findByText("工号或密码不对，还可试 4 次。", undefined, WAIT)).toBeTruthy();
    expect(screen.queryByRole("navigation")).toBeNull();
  }, 30_000);

  it("keeps turnover, money in, top-ups and stored value apart, and names who is missing", async () => {
    await signIn();
    for (const name of ["营业额", "实收", "充值", "储值余额"]) expect(await screen.findByRole("heading", { name: new RegExp(`^${name}`) }, WAIT)).toBeTruthy();
    expect(await screen.findByText("未齐", undefined, WAIT)).toBeTruthy();
    expect(screen.getByText(/本金 ¥482,137.00/).textContent).toContain("赠送金 ¥31,902.50");
  }, 30_000);

  it("shows a sale that streams in, over one stream", async () => {
    await signIn();
    await screen.findByText("最新成交", undefined, WAIT);
    await waitFor(() => expect(document.querySelectorAll(".last-sales li").length).toBeGreaterThan(3), WAIT);
    const sale = { ...hub.newSale(), due: 123_456 };
    act(() => stream?.onmessage?.({ data: JSON.stringify({ kind: "sale", sale }) }));
    expect(screen.getByText("¥1,234.56").closest("li")?.className).toBe("arrived");
    expect(streams).toBe(1);
  }, 30_000);

  it("hides what the person may not do", async () => {
    await signIn("901");
    const menu = await screen.findByRole("navigation", undefined, WAIT);
    expect(within(menu).getAllByRole("link").map((link) => link.textContent)).toEqual(["会员", "来电", "消息", "报表"]);
    await waitFor(() => expect(router.state.location.pathname).toBe("/members"), WAIT);
  }, 30_000);

  it("changes a price from the next opening on, unless now is chosen and confirmed", async () => {
    await signIn();
    await screen.findByRole("navigation", undefined, WAIT);
    await open("/products");
    fireEvent.click((await screen.findAllByLabelText(/^调价：农夫山泉/, undefined, WAIT))[0] as HTMLElement);
    fireEvent.change(await screen.findByLabelText("售价", { selector: "input" }, WAIT), { target: { value: "2.50" } });
    fireEvent.click(screen.getByText("保存调价"));
    await waitFor(() => expect(said("change_price")).toHaveLength(1), WAIT);
    expect(said("change_price")[0]?.body).toMatchObject({ product: 1, list: "main", price: 250, from: null, now: false, confirmed: false });
    fireEvent.click((await screen.findAllByLabelText(/^调价：康师傅/, undefined, WAIT))[0] as HTMLElement);
    fireEvent.click(await screen.findByLabelText("马上，营业中就改", undefined, WAIT));
    fireEvent.click(await screen.findByText("马上改价", undefined, WAIT));
    expect(await screen.findByText("请先勾选", undefined, WAIT)).toBeTruthy();
    expect(said("change_price")).toHaveLength(1);
    fireEvent.click(screen.getByLabelText("我知道顾客可能正拿着旧价签的商品"));
    fireEvent.click(screen.getByText("马上改价"));
    const dialog = (await screen.findAllByText(/马上改为/, undefined, WAIT))[0] as HTMLElement;
    expect(said("change_price")).toHaveLength(1);
    fireEvent.click(within(dialog.closest(".ant-modal") as HTMLElement).getByRole("button", { name: "马上改价" }));
    await waitFor(() => expect(said("change_price")[1]?.body).toMatchObject({ product: 2, now: true, confirmed: true }), WAIT);
  }, 60_000);

  it("shows both values of a conflict and settles it by a click", async () => {
    await signIn();
    await screen.findByRole("navigation", undefined, WAIT);
    await open("/conflicts");
    const panel = (await screen.findByRole("heading", { name: /王小明/ }, WAIT)).closest("section") as HTMLElement;
    for (const text of ["不吃辣", "花生过敏", "孙丽", "周洋", "火车站店"]) expect(within(panel).getByText(text)).toBeTruthy();
    fireEvent.click(within(panel).getByRole("button", { name: "选定：花生过敏" }));
    await waitFor(() => expect(said("settle_conflict")[0]?.body).toMatchObject({ document: "doc_m0", key: "note", rank: 1 }), WAIT);
    await waitFor(() => expect(screen.queryByRole("heading", { name: /王小明/ })).toBeNull(), WAIT);
  }, 30_000);

  it("seals a machine only after its cost was shown and confirmed", async () => {
    await signIn();
    await screen.findByRole("navigation", undefined, WAIT);
    await open("/branches", { id: "br_04" });
    fireEvent.click(await screen.findByLabelText("报失（丢失或损坏）", undefined, WAIT));
    fireEvent.click(screen.getByRole("button", { name: "封存…" }));
    const cost = await screen.findByText(/87 位会员的储值 ¥12,345.00/, undefined, WAIT);
    expect(said("seal_install").map((command) => command.body["confirmed"])).toEqual([false]);
    fireEvent.click(within(cost.closest(".ant-modal") as HTMLElement).getByRole("button", { name: "确定" }));
    await waitFor(() => expect(said("seal_install")[1]?.body).toMatchObject({ reason: "lost", confirmed: true }), WAIT);
  }, 30_000);
});
