import { describe, expect, it, vi } from "vitest";
import { commandId, createClient, Refused, Unreachable } from "../src/client";
import { fill } from "../src/i18n";
import { discount, fen, quantity, readDiscount, readFen, readQuantity, typed, yuan } from "../src/money";
import { keepSame } from "../src/store";
import { ahead, clockSeconds, day, dayClock, fullClock, readDay, readDayClock, showTimesIn, span } from "../src/when";
import type { paths } from "../src/api/edge";

describe("money", () => {
  it.each([
    [0, "0.00"],
    [7, "0.07"],
    [-7, "−0.07"],
    [34060, "340.60"],
    [123456789, "1,234,567.89"],
  ])("%i fen read %s", (amount, text) => expect(fen(amount)).toBe(text));
  it("puts the minus before the sign", () => expect(yuan(-492)).toBe("−¥4.92"));
  it.each([
    ["100", 10000],
    ["9.4", 940],
    [".5", 50],
    ["１２。５", 1250],
    ["¥1,000.00", 100000],
    ["0.055", null],
    ["", null],
    [".", null],
    ["-5", null],
    ["1e3", null],
    ["99999999", null],
  ])("typed %s is %s fen", (text, amount) => expect(readFen(text)).toBe(amount));
  it("types back what it read", () => expect([typed(10000), typed(940)]).toEqual(["100", "9.40"]));
});

describe("quantities", () => {
  it.each([
    [2000, "2"],
    [755, "0.755"],
    [-1500, "−1.5"],
  ])("%i thousandths read %s", (amount, text) => expect(quantity(amount)).toBe(text));
  it.each([
    ["3", 3000],
    ["0.755", 755],
    ["０.５", 500],
    ["0", null],
    ["-3", null],
  ])("typed %s is %s", (text, amount) => expect(readQuantity(text)).toBe(amount));
});

describe("discounts speak each language's own way", () => {
  it.each([
    [9500, "9.5折", "5% off"],
    [9800, "9.8折", "2% off"],
    [8000, "8折", "20% off"],
    [9250, "9.25折", "7.5% off"],
    [500, "0.5折", "95% off"],
  ])("%i", (rate, zh, en) => expect([discount(rate, "zh"), discount(rate, "en")]).toEqual([zh, en]));
  it("says nothing of no discount", () => expect(discount(10_000, "zh")).toBeNull());
  it.each([
    ["9.5", "zh", 9500],
    ["95", "zh", 9500],
    ["8", "zh", 8000],
    ["0", "zh", null],
    ["05", "zh", null],
    ["5", "en", 9500],
    ["12.5", "en", 8750],
    ["0", "en", null],
  ] as const)("typed %s in %s leaves %s", (text, language, rate) => expect(readDiscount(text, language)).toBe(rate));
});

describe("words", () => {
  it("fills places in", () => expect(fill("还差 {left}, 共 {n} 件", { left: "5.00", n: 2 })).toBe("还差 5.00, 共 2 件"));
  it("knows one and many", () => expect([1, 2].map((n) => fill("{n} {n|item|items}", { n }))).toEqual(["1 item", "2 items"]));
  it("shows what is missing", () => expect(fill("{gone}")).toBe("{gone}"));
});

describe("days", () => {
  it.each([
    ["1990-11-21", 19901121],
    ["19901121", 19901121],
    ["2023-02-29", null],
    ["21.11.1990", null],
  ])("typed %s is %s", (text, value) => expect(readDay(text)).toBe(value));
  it("reads back", () => expect(day(20261121)).toBe("2026-11-21"));
  it("shows times by the clock it is told, not by this computer's", () => {
    const at = Date.UTC(2026, 10, 21, 20, 5, 9);
    showTimesIn(480);
    expect([clockSeconds(at), dayClock(at), fullClock(at)]).toEqual(["04:05:09", "11-22 04:05", "2026-11-22 04:05:09"]);
    expect(readDayClock("2026-11-22T02:05")).toBe(Date.UTC(2026, 10, 21, 18, 5));
    expect(readDayClock("2026-11-2")).toBe(null);
    showTimesIn(345);
    expect(dayClock(at)).toBe("11-22 01:50");
    showTimesIn(null);
    expect([ahead(480), ahead(345), ahead(-300), ahead(0)]).toEqual(["+8", "+5:45", "−5", "+0"]);
  });
  it("names spans by their size", () => expect(span(3 * 3_600_000)).toEqual({ unit: "hours", n: 3 }));
});

describe("keepSame", () => {
  it("keeps the rows that did not change", () => {
    const old = { lines: [{ id: 1, n: 1 }, { id: 2, n: 1 }] };
    const next = keepSame(old, { lines: [{ id: 1, n: 1 }, { id: 2, n: 5 }, { id: 3, n: 1 }] });
    expect(next.lines[0]).toBe(old.lines[0]);
    expect(next.lines[1]).toEqual({ id: 2, n: 5 });
    expect(next).not.toBe(old);
    expect(keepSame(next, structuredClone(next))).toBe(next);
  });
});

describe("client", () => {
  const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
  it("makes ids that rise with time", () => {
    expect(commandId()).toMatch(/^[0-9a-f]{32}$/);
    expect(commandId(1) < commandId(2)).toBe(true);
  });
  it("says a command again under the same id when the answer was torn", async () => {
    const said: string[] = [];
    const answers = [() => Promise.reject(new TypeError("torn")), () => Promise.resolve(json(200, { bill: null }))];
    const client = createClient<paths>((_, init) => {
      said.push(init.body as string);
      return answers[said.length - 1]!();
    });
    await client.command("detach", {});
    expect(said).toHaveLength(2);
    expect(said[0]).toBe(said[1]);
  });
  it("does not repeat a refusal and keeps its numbers", async () => {
    const fetcher = vi.fn(() => Promise.resolve(json(422, { code: "over_due", args: { over: 652 } })));
    const client = createClient<paths>(fetcher);
    const refused = await client.command("detach", {}).catch((failure: unknown) => failure);
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ code: "over_due", args: { over: 652 }, status: 422 });
    expect(fetcher).toHaveBeenCalledTimes(1);
  });
  it("tells a proxy's error page from an answer", async () => {
    const client = createClient<paths>(() => Promise.resolve(new Response("<html>", { status: 502 })));
    await expect(client.read("/api/till")).rejects.toBeInstanceOf(Unreachable);
  });
  it("fills addresses in", async () => {
    const asked: string[] = [];
    const client = createClient<paths>((input) => {
      asked.push(input);
      return Promise.resolve(json(200, {}));
    });
    await client.read("/api/members/{id}", { parts: { id: "mem_1/2" } });
    await client.read("/api/products", { query: { category: "01", text: "" } });
    expect(asked).toEqual(["/api/members/mem_1%2F2", "/api/products?category=01"]);
  });
});
