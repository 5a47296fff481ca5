import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LAST_SALES, stale, withSale } from "../src/live/events";
import { nameOf } from "../src/kit/sheet";
import { createReread } from "../src/live/reread";
import { sale } from "./fixture/chain";

describe("rereading", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  it("reads at once, then once more after a burst, and never twice at a time", async () => {
    const reads: string[] = [];
    let under = 0;
    let most = 0;
    const reread = createReread(async (key) => {
      reads.push(key);
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, 700));
      under -= 1;
    }, 300);
    for (let n = 0; n < 50; n++) reread("/api/takings");
    expect(reads).toEqual(["/api/takings"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(reads).toHaveLength(2);
    expect(most).toBe(1);
  });
  it("keeps keys apart and lives on after a read that failed", async () => {
    const reads: string[] = [];
    const reread = createReread((key) => {
      reads.push(key);
      return Promise.reject(new Error("no answer"));
    }, 300);
    reread("a");
    reread("b");
    await vi.advanceTimersByTimeAsync(400);
    reread("a");
    expect(reads).toEqual(["a", "b", "a"]);
  });
});

describe("files for a spreadsheet", () => {
  it("are called as the hub called them", () => {
    expect(nameOf(`attachment; filename="sales.xlsx"; filename*=UTF-8''${encodeURIComponent("样板连锁-销售明细-20261121.xlsx")}`)).toBe("样板连锁-销售明细-20261121.xlsx");
    expect(nameOf("")).toBe("table.xlsx");
  });
});

describe("events", () => {
  it("name what to ask again", () => {
    expect(stale("catalog")).toContain("/api/products");
    expect(stale("conflicts")).toContain("/api/conflicts");
    expect(stale("exceptions")).toContain("/api/status");
    expect(stale("something_new" as "sale")).toEqual([]);
  });
  it("put a sale at the head, keep the order by time, and never show it twice", () => {
    const rows = [sale(1), sale(3)];
    expect(withSale(rows, sale(0)).map((row) => row.id)).toEqual(["sal_0", "sal_1", "sal_3"]);
    expect(withSale(rows, sale(2)).map((row) => row.id)).toEqual(["sal_1", "sal_2", "sal_3"]);
    expect(withSale(rows, { ...sale(3), returned: true })).toHaveLength(2);
    const many = Array.from({ length: LAST_SALES }, (_, n) => sale(n + 1));
    expect(withSale(many, sale(0))).toHaveLength(LAST_SALES);
  });
});
