import { act, cleanup, createEvent, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { speak } from "@catena/web/i18n.ts";
import { Cashier } from "../src/cashier/Cashier";
import { open } from "../src/cashier/actions";
import { initial, state } from "../src/cashier/state";
import { isAgain } from "../src/cashier/wedge";
import { createFixture } from "./fixture/fixture";

/** The open stream of events of the page under test. */
let stream: { onmessage: ((message: { data: string }) => void) | null; onopen: (() => void) | null; onerror: (() => void) | null } | null = null;
let shop: ReturnType<typeof createFixture>;
let reachable = true;
/** What happens at the edge between its answer to a command and the answer's arrival. */
let meanwhile: Record<string, (body: unknown) => void> = {};

/** The browser's event stream, as far as the page uses it: a constructor that hands out the one to speak through. */
function Stream() {
  stream = { onmessage: null, onopen: null, onerror: null };
  return Object.assign(stream, { readyState: 1, close: () => undefined });
}
Stream.CLOSED = 2;

beforeEach(() => {
  shop = createFixture();
  reachable = true;
  meanwhile = {};
  localStorage.clear();
  state.set(initial);
  speak("zh");
  vi.stubGlobal("EventSource", Stream);
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    if (!reachable) return Promise.reject(new TypeError("no route"));
    const { status, body } = shop.answer(init.method ?? "GET", address, init.body === undefined ? {} : JSON.parse(String(init.body)));
    meanwhile[address]?.(body);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const box = () => screen.getByRole<HTMLInputElement>("combobox");
/** One key of the keyboard, where the focus is. */
const key = (name: string, more: object = {}) => fireEvent.keyDown(document.activeElement ?? document.body, { key: name, code: name, ...more });
/** The keys of a scanner, each 5 ms after the one before, whatever else the machine is doing; a key answers false when the page took it for itself. */
function scannerKeys() {
  let ms = performance.now();
  return (at: Element, init: object) => {
    const event = createEvent.keyDown(at, init);
    Object.defineProperty(event, "timeStamp", { value: (ms += 5) });
    return fireEvent(at, event);
  };
}
/** One scan: a burst of keys and Enter; the input method may have been left on. */
function scan(text: string, shown = text, composing = false) {
  const input = box();
  const press = scannerKeys();
  [...text].forEach((char) => press(input, { key: composing ? "Process" : char, code: `Digit${char}`, isComposing: composing }));
  fireEvent.input(input, { target: { value: shown } });
  press(input, { key: "Enter", code: "Enter", isComposing: composing });
}
const type = (field: HTMLElement, text: string) => fireEvent.input(field, { target: { value: text } });
const settled = () => waitFor(() => expect(state.get().busy).toBe(0));
const said = (name: string) => shop.calls.filter((call) => call.name === name);

async function signIn() {
  render(<Cashier />);
  type(await screen.findByLabelText("工号"), "101");
  type(screen.getByLabelText("密码"), "1111");
  fireEvent.click(screen.getByRole("button", { name: "登录" }));
  type(await screen.findByLabelText("备用金"), "500");
  fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "开班" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(document.activeElement).toBe(box()));
}

async function fiveScans() {
  for (const code of ["6921168509256", "6928804011142", "6920459950180", "6901209212215", "6911988014320"]) scan(code);
  await settled();
  await waitFor(() => expect(state.get().bill?.lines).toHaveLength(5));
}

describe("keys per bill", () => {
  it("member, five scans and exact WeChat take at most nine", async () => {
    await signIn();
    let keys = 0;
    scan("6001");
    keys += 1;
    await fiveScans();
    keys += 5;
    key("F9");
    keys += 1;
    await waitFor(() => expect(state.get().last?.kind).toBe("sale"));
    expect(keys).toBeLessThanOrEqual(9);
    expect(state.get().last?.tenders.map((tender) => tender.code)).toEqual(["wechat"]);
    expect(state.get().last?.member?.name).toBe("王**");
  });
  it("five scans and cash with a quick note take at most seven", async () => {
    await signIn();
    await fiveScans();
    key("F8");
    await screen.findByText("应收现金");
    expect(said("tender")).toHaveLength(0);
    key("F9");
    await waitFor(() => expect(state.get().last?.change).toBeGreaterThan(0));
    expect(screen.getByText("找零", { selector: ".label" })).toBeTruthy();
  });
});

describe("money is never taken by accident", () => {
  it("Enter completes no sale, whatever is open", async () => {
    await signIn();
    scan("6001");
    await fiveScans();
    fireEvent.keyDown(box(), { key: "Enter", code: "Enter" });
    for (const opener of ["F8", "F7"]) {
      key(opener);
      const dialog = await screen.findByRole("dialog");
      const form = dialog.querySelector("form");
      for (const field of within(dialog).queryAllByRole("textbox")) type(field, "200");
      if (form !== null) fireEvent.submit(form);
      for (const field of within(dialog).queryAllByRole("textbox")) fireEvent.keyDown(field, { key: "Enter", code: "Enter" });
      await settled();
      fireEvent(dialog, new Event("cancel"));
      await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    }
    expect(said("tender")).toHaveLength(0);
    expect(state.get().last).toBeNull();
  });
  it("a tender key held down acts once", async () => {
    await signIn();
    await fiveScans();
    key("F8");
    key("F8", { repeat: true });
    key("F8", { repeat: true });
    await screen.findByText("应收现金");
    await settled();
    expect(said("tender")).toHaveLength(0);
  });
  it("tells the edge which due the cashier saw", async () => {
    await signIn();
    await fiveScans();
    const due = state.get().bill?.totals.due;
    key("F10");
    await waitFor(() => expect(said("tender")).toHaveLength(1));
    expect(said("tender")[0]?.body).toMatchObject({ code: "alipay", amount: null, due });
  });
  it("says why not, and what now", async () => {
    await signIn();
    await fiveScans();
    type(box(), "100");
    key("F9");
    expect((await screen.findByText(/超出应收/)).textContent).toContain("非现金不找零");
  });
});

describe("the scan box", () => {
  it("reads a scan through an input method left on", async () => {
    await signIn();
    scan("6921168509256", "留二一一六八", true);
    await waitFor(() => expect(state.get().bill?.lines[0]?.code).toBe("6921168509256"));
    expect(box().value).toBe("");
  });
  it("leaves Enter to a person who composes Chinese", async () => {
    await signIn();
    const input = box();
    fireEvent.keyDown(input, { key: "Process", code: "KeyN", isComposing: true });
    fireEvent.input(input, { target: { value: "n" } });
    fireEvent.keyDown(input, { key: "Process", code: "Enter", isComposing: true });
    await settled();
    expect(said("enter")).toHaveLength(0);
    expect(input.value).toBe("n");
  });
  it("takes a code followed by CR and LF once", async () => {
    await signIn();
    scan("6921168509256");
    fireEvent.keyDown(box(), { key: "Enter", code: "Enter" });
    await settled();
    expect(said("enter")).toHaveLength(1);
  });
  it("gets keys that were pressed elsewhere", async () => {
    await signIn();
    screen.getByRole("button", { name: /帮助/ }).focus();
    expect(document.activeElement).not.toBe(box());
    key("6", { code: "Digit6" });
    expect(document.activeElement).toBe(box());
  });
  it("asks which of several is meant", async () => {
    await signIn();
    scan("克", "80g");
    await settled();
    await act(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    const dialog = await screen.findByRole("dialog");
    key("2");
    await waitFor(() => expect(state.get().bill?.lines).toHaveLength(1));
    expect(dialog.isConnected).toBe(false);
  });
});

describe("a scan while a sheet is open", () => {
  /** A scan types into whatever has the focus. */
  const scanAnywhere = (text: string) => {
    const press = scannerKeys();
    [...text].forEach((char) => {
      const at = document.activeElement ?? document.body;
      press(at, { key: char, code: `Digit${char}` });
      if (at instanceof HTMLInputElement) type(at, at.value + char);
    });
    const at = document.activeElement ?? document.body;
    if (press(at, { key: "Enter", code: "Enter" })) at.closest("form")?.requestSubmit();
  };
  it("closes no shift with a card number for a count", async () => {
    await signIn();
    key("F5", { shiftKey: true });
    const counted = await screen.findByLabelText<HTMLInputElement>(/实点现金/);
    await waitFor(() => expect(document.activeElement).toBe(counted));
    scanAnywhere("6001");
    await settled();
    expect(said("shift_count")).toHaveLength(0);
    expect(counted.value).toBe("");
  });
  it("types a staff card that is read twice into no PIN", async () => {
    await signIn();
    open({ kind: "switch", code: "201" });
    const pin = await waitFor(() => {
      const field = document.querySelector<HTMLInputElement>("[name=pin]");
      expect(document.activeElement).toBe(field);
      return field as HTMLInputElement;
    });
    isAgain("9001", performance.now());
    scanAnywhere("9001");
    await settled();
    expect(pin.value).toBe("");
    expect(said("sign_in")).toHaveLength(0);
  });
  it("chooses nothing from a list", async () => {
    await signIn();
    scan("克", "80g");
    await screen.findByRole("dialog");
    scanAnywhere("2134");
    await act(async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    expect(state.get().bill).toBeNull();
    expect(screen.getByRole("dialog")).toBeTruthy();
  });
});

describe("the row of functions", () => {
  it("takes odd money off by hand and says when it is too much", async () => {
    await signIn();
    await fiveScans();
    key("F1", { shiftKey: true });
    type(await screen.findByLabelText("抹多少元"), "5");
    fireEvent.submit(screen.getByRole("dialog").querySelector("form") as HTMLFormElement);
    expect(await screen.findByText(/手动抹零现在最多 0.99/)).toBeTruthy();
    const before = state.get().bill?.totals.due_cash ?? 0;
    fireEvent.click(screen.getByRole("button", { name: /抹到元/ }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(state.get().bill?.totals.due_cash).toBe(before - (before % 100));
  });
  it("names one sales clerk, or two who share", async () => {
    await signIn();
    key("F2", { shiftKey: true });
    const [first, second] = await waitFor(() => {
      const names = within(screen.getByRole("group", { name: "导购" })).getAllByRole("button");
      expect(names.length).toBeGreaterThan(1);
      return names;
    });
    fireEvent.click(first as HTMLElement);
    fireEvent.click(second as HTMLElement);
    const shares = screen.getAllByLabelText<HTMLInputElement>(/占百分之几/);
    expect(shares.map((share) => share.value)).toEqual(["50", "50"]);
    type(shares[0] as HTMLElement, "60");
    type(screen.getAllByLabelText(/占百分之几/)[1] as HTMLElement, "40");
    fireEvent.submit(screen.getByRole("dialog").querySelector("form") as HTMLFormElement);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(state.get().bill?.sales_clerks.map((clerk) => clerk.share)).toEqual([6_000, 4_000]);
    expect(said("sales_clerks")).toHaveLength(1);
  });
  it("has returns, drawer and shift one key away", async () => {
    await signIn();
    for (const [name, sheet] of [["F3", "receipts"], ["F4", "drawer"], ["F5", "shift"]] as const) {
      key(name, { shiftKey: true });
      await waitFor(() => expect(document.querySelector(`[data-sheet=${sheet}]`)).toBeTruthy());
      key("Escape");
      act(() => state.set({ panel: null }));
    }
  });
});

describe("a supervisor allows on the spot", () => {
  it("and the cashier stays signed in", async () => {
    await signIn();
    await fiveScans();
    key("F6");
    type(await screen.findByLabelText(/^折扣/), "8");
    fireEvent.submit(screen.getByRole("dialog").querySelector("form") as HTMLFormElement);
    expect((await screen.findByText(/你的权限到/)).textContent).toBe("你的权限到 9折，这次是 8折");
    type(screen.getByLabelText("授权人工号"), "201");
    type(screen.getByLabelText("授权人密码"), "2222");
    fireEvent.submit(screen.getByRole("dialog").querySelector("form") as HTMLFormElement);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(state.get().bill?.totals.discounts).toContainEqual({ kind: "bill", amount: expect.any(Number) as number, rate: 8000 });
    expect(state.get().till?.session?.person.name).toBe("李芳");
    const [asked, allowed] = said("bill_discount");
    expect(allowed?.body["id"]).not.toBe(asked?.body["id"]);
  });
});

describe("a slip that is printed before the answer to the command arrives", () => {
  const printed = (receipt_no: string) =>
    stream?.onmessage?.({ data: JSON.stringify({ kind: "print", receipt_no, print: { state: "printed", slip: "slip_1", what: null, device: null } }) });
  it("is shown as printed after a sale and after a copy", async () => {
    await signIn();
    meanwhile["/api/commands/tender"] = (body) => {
      const { done } = body as { done: { receipt_no: string; print: { state: string } } };
      done.print.state = "queued";
      printed(done.receipt_no);
    };
    await fiveScans();
    key("F9");
    expect(await screen.findByText(/小票已打/)).toBeTruthy();
    const receipt = state.get().last?.receipt_no ?? "";
    meanwhile["/api/commands/reprint"] = () => printed(receipt);
    fireEvent.click(screen.getByRole("button", { name: "补打" }));
    expect(await screen.findByText(/第 1 次补打/)).toBeTruthy();
    expect(state.get().last?.print.state).toBe("printed");
  });
});

describe("calls", () => {
  const ring = (over: object) => act(() => stream?.onmessage?.({ data: JSON.stringify({ kind: "call", call: { id: "c1", at_ms: 1, state: "ringing", number: "139****6721", hidden: null, raw_number: null, members: [], ...over } }) }));
  it("take no focus and show no balance", async () => {
    await signIn();
    ring({ members: [{ id: "mem_1", name: "王**", phone: "138****8000", level: { name: "VIP", name_en: "VIP" }, why: "phone", home: "人民路店" }] });
    const card = await screen.findByRole("alert");
    expect(document.activeElement).toBe(box());
    expect(card.textContent).not.toMatch(/\d+\.\d\d/);
    scan("6921168509256");
    await waitFor(() => expect(state.get().bill?.lines).toHaveLength(1));
    expect(screen.getByRole("alert")).toBe(card);
  });
  it("of unknown callers offer to enrol", async () => {
    await signIn();
    ring({ number: "13900000000", raw_number: "13900000000" });
    fireEvent.click(await screen.findByRole("button", { name: "开卡" }));
    expect((await screen.findByLabelText<HTMLInputElement>("手机号")).value).toBe("13900000000");
  });
});

describe("a lost host", () => {
  it("is named, and the bill is there again afterwards", async () => {
    await signIn();
    await fiveScans();
    reachable = false;
    scan("6903148079614");
    expect(await screen.findByText("找不到门店主机", undefined, { timeout: 3000 })).toBeTruthy();
    expect(screen.getByText(/renmin-host/)).toBeTruthy();
    reachable = true;
    await waitFor(() => expect(screen.queryByText("找不到门店主机")).toBeNull(), { timeout: 4000 });
    expect(state.get().bill?.lines).toHaveLength(5);
  }, 10_000);
});

describe("the lock", () => {
  it("keeps the bill, and another person may go on with it", async () => {
    await signIn();
    await fiveScans();
    fireEvent.click(screen.getByRole("button", { name: "锁屏" }));
    expect(await screen.findByText("已锁屏")).toBeTruthy();
    expect(screen.getByText(/本单保留/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "换人登录" }));
    type(await screen.findByLabelText("工号"), "201");
    type(screen.getByLabelText("密码"), "2222");
    fireEvent.click(screen.getByRole("button", { name: "登录" }));
    await waitFor(() => expect(state.get().till?.session?.person.name).toBe("陈店长"));
    expect(state.get().bill?.lines).toHaveLength(5);
  });
});

describe("lines", () => {
  it("are changed by + and −, chosen by the arrows, removed by Delete", async () => {
    await signIn();
    await fiveScans();
    key("+");
    await waitFor(() => expect(state.get().bill?.lines[4]?.quantity).toBe(2000));
    key("ArrowUp");
    key("Delete");
    await waitFor(() => expect(state.get().bill?.lines).toHaveLength(4));
    expect(state.get().bill?.lines.some((line) => line.code === "6901209212215")).toBe(false);
  });
});
