// Figures set side by side: this day and the same weekday a week before, up to the same hour. Nothing is decided here.
import type { Schemas } from "./api";

type Hour = Schemas["Hour"];
/** A figure that each hour of a day has. */
export type HourFigure = "turnover" | "received" | "top_ups" | "bills";

/** `days` after (before, when negative) a day written yyyymmdd. */
export function dayAfter(yyyymmdd: number, days: number): number {
  const at = new Date(Date.UTC(Math.floor(yyyymmdd / 10_000), (Math.floor(yyyymmdd / 100) % 100) - 1, (yyyymmdd % 100) + days));
  return at.getUTCFullYear() * 10_000 + (at.getUTCMonth() + 1) * 100 + at.getUTCDate();
}

/** How far a business day has gone: the hour it begins at, and how many whole hours of it are over. */
export interface Elapsed {
  firstHour: number;
  over: number;
}

/** The place of an hour in a business day that begins at `firstHour`: 0 to 23. */
function placeOf(hour: number, firstHour: number): number {
  return (hour - firstHour + 24) % 24;
}

/** The sum of a figure over the hours that are over. */
export function sumUntil(hours: readonly Hour[], figure: HourFigure, { firstHour, over }: Elapsed): number {
  return hours.reduce((sum, hour) => sum + (placeOf(hour.hour, firstHour) < over ? hour[figure] : 0), 0);
}

/** How a figure stands to that of a week before, in basis points of the latter; null when there was nothing then. */
export function changeBp(now: number, before: number): number | null {
  return before === 0 ? null : Math.round(((now - before) / Math.abs(before)) * 10_000);
}

/** `1240` → `12.4%`; without a sign, which the arrow shows. */
export function percent(bp: number): string {
  return `${(Math.abs(bp) / 100).toFixed(1)}%`;
}

/** Of a past day all hours; today those before the running one. */
export function elapsed(day: number, today: number, nowHour: number, firstHour: number): Elapsed {
  return { firstHour, over: day < today ? 24 : placeOf(nowHour, firstHour) };
}

/** UTC ms at which a business day is over. */
export function endOfDay(yyyymmdd: number, zoneMinutes: number, cutoffMinutes: number): number {
  const next = dayAfter(yyyymmdd, 1);
  return Date.UTC(Math.floor(next / 10_000), (Math.floor(next / 100) % 100) - 1, next % 100) + (cutoffMinutes - zoneMinutes) * 60_000;
}

/** The hour of the day at a moment, at head office's own zone (minutes east of UTC). */
export function hourAt(ms: number, zoneMinutes: number): number {
  return new Date(ms + zoneMinutes * 60_000).getUTCHours();
}

/** Branches that one chart can show before it is noise. */
const CHART_BRANCHES = 5;

/** The branches of most turnover by name, and all others as one. */
export function topBranches(takings: Schemas["Takings"]): { top: Schemas["Takings"]["branches"]; rest: Hour[] | null } {
  const sorted = [...takings.branches].sort((a, b) => b.figures.turnover - a.figures.turnover);
  if (sorted.length <= CHART_BRANCHES) return { top: sorted, rest: null };
  const others = sorted.slice(CHART_BRANCHES);
  const rest = Array.from({ length: 24 }, (_, hour) => {
    const of = (figure: HourFigure) => others.reduce((sum, one) => sum + (one.hours.find((at) => at.hour === hour)?.[figure] ?? 0), 0);
    return { hour, turnover: of("turnover"), received: of("received"), top_ups: of("top_ups"), bills: of("bills") };
  });
  return { top: sorted.slice(0, CHART_BRANCHES), rest };
}

/** The hours of a business day to show, in its order: the shop's usual ones, and all in which anything happened. */
export function openHours(lists: readonly (readonly Hour[])[], firstHour: number): number[] {
  const busy = lists.flatMap((hours) => hours.filter((hour) => hour.turnover !== 0 || hour.received !== 0 || hour.bills !== 0).map((hour) => placeOf(hour.hour, firstHour)));
  const from = Math.min(placeOf(8, firstHour), ...busy);
  const until = Math.max(placeOf(21, firstHour), ...busy);
  return Array.from({ length: until - from + 1 }, (_, n) => (from + n + firstHour) % 24);
}
