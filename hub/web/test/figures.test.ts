import { describe, expect, it } from "vitest";
import type { Schemas } from "../src/api";
import { changeBp, dayAfter, elapsed, endOfDay, hourAt, openHours, percent, sumUntil, topBranches } from "../src/figures";
import { behind, byLight, light, missing } from "../src/lights";
import { branches, NOW_MS, takings, TODAY } from "./fixture/chain";

const hour = (at: number, turnover: number): Schemas["Hour"] => ({ hour: at, turnover, received: 0, top_ups: 0, bills: 0 });
const branch = (change: Partial<Schemas["Branch"]>): Schemas["Branch"] => ({ ...(branches[0] as Schemas["Branch"]), ...change });
const END_MS = NOW_MS + 3_600_000;

describe("days", () => {
  it.each([
    [20261121, -7, 20261114],
    [20261101, -1, 20261031],
    [20261231, 1, 20270101],
    [20280228, 1, 20280229],
  ])("%i and %i days is %i", (day, days, then) => expect(dayAfter(day, days)).toBe(then));
  it("counts the hour at head office", () => expect(hourAt(NOW_MS, 480)).toBe(14));
});

describe("against last week", () => {
  const hours = [hour(8, 100), hour(13, 200), hour(14, 400)];
  it("compares whole hours only", () => {
    expect(sumUntil(hours, "turnover", elapsed(20261121, 20261121, 14, 4))).toBe(300);
    expect(sumUntil(hours, "turnover", elapsed(20261120, 20261121, 14, 4))).toBe(700);
  });
  it("counts the small hours to the day before", () => {
    const night = [hour(23, 100), hour(1, 200), hour(4, 400)];
    expect(sumUntil(night, "turnover", elapsed(20261121, 20261121, 1, 4))).toBe(500);
    expect(new Date(endOfDay(20261121, 480, 240)).toISOString()).toBe("2026-11-21T20:00:00.000Z");
  });
  it.each([
    [1124, 1000, 1240],
    [950, 1000, -500],
    [1000, 1000, 0],
    [5, 0, null],
    [100, -100, 20_000],
  ])("%i after %i is %s bp", (now, before, bp) => expect(changeBp(now, before)).toBe(bp));
  it("leaves the sign to the arrow", () => expect([percent(1240), percent(-500)]).toEqual(["12.4%", "5.0%"]));
});

describe("charts", () => {
  it("show five branches and all others as one, and lose nothing", () => {
    const day = takings(TODAY);
    const { top, rest } = topBranches(day);
    expect(top).toHaveLength(5);
    const shown = [...top.flatMap((one) => one.hours), ...(rest ?? [])].reduce((sum, at) => sum + at.turnover, 0);
    expect(shown).toBe(day.total.turnover);
    expect(top[0]?.figures.turnover).toBe(Math.max(...day.branches.map((one) => one.figures.turnover)));
  });
  it("reach over every hour in which something happened", () => {
    expect(openHours([[]], 4)).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    expect(openHours([[hour(6, 5)], [hour(1, 5)]], 4).slice(0, 2)).toEqual([6, 7]);
    expect(openHours([[hour(6, 5)], [hour(1, 5)]], 4).slice(-3)).toEqual([23, 0, 1]);
  });
});

describe("lights", () => {
  const broken: Schemas["Device"] = { id: "d", kind: "printer", name: "", state: "failed", what: "paper_out", since_ms: 0 };
  it.each([
    ["well", {}, "good"],
    ["a printer without paper", { devices: [broken] }, "warn"],
    ["entries that come late", { unsent: 40, lag_ms: 90_000 }, "warn"],
    ["a quiet shop, all sent", { unsent: 0, lag_ms: 9_000_000 }, "good"],
    ["what recovery still waits for", { owes: true }, "warn"],
    ["cut off", { link: "down", devices: [broken] }, "bad"],
    ["never linked", { link: "never" }, "none"],
    ["sealed, and still calling", { install: { stream: "str_1", sealed: true, entries: 7 } }, "none"],
  ] as const)("%s", (_, change, expected) => expect(light(branch(change as Partial<Schemas["Branch"]>))).toBe(expected));
  it("put the worst first", () => expect([...branches].sort(byLight).map((one) => one.code)).toEqual(["04", "02", "05", "01", "03", "06", "07"]));
});

describe("a day is not complete", () => {
  it.each([
    ["linked", {}, 0],
    ["cut off during the day", { link: "down", seen_ms: NOW_MS - 1_000, unsent: null }, 1],
    ["cut off after the day, all sent", { link: "down", seen_ms: END_MS + 1_000, unsent: 0 }, 0],
    ["cut off after the day, not all sent", { link: "down", seen_ms: END_MS + 1_000, unsent: 3 }, 1],
    ["linked and catching up", { unsent: 200, lag_ms: 3_600_000 }, 1],
    ["linked, the last bill on its way", { unsent: 1, lag_ms: 90 }, 0],
    ["never linked", { link: "never", unsent: null }, 0],
    ["declared lost", { link: "down", seen_ms: NOW_MS - 1_000, install: { stream: "str_1", sealed: true, entries: 7 } }, 0],
  ] as const)("%s", (_, change, expected) => expect(missing([branch(change as Partial<Schemas["Branch"]>)], END_MS, END_MS + 60_000)).toHaveLength(expected));
  it("names the tills that run an old list", () => {
    const old = behind([branch({ code: "a", price_release: 41 }), branch({ code: "b", price_release: 40 }), branch({ code: "c", price_release: 42 }), branch({ code: "d", price_release: null })], 42);
    expect(old.map((one) => [one.release, one.branches.map((at) => at.code).join()])).toEqual([
      [41, "a"],
      [40, "b"],
    ]);
  });
});
