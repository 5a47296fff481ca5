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

/** The sum of a figure over the hours before `until` (0–24). */
export function sumUntil(hours: readonly Hour[], figure: HourFigure, until: number): number {
  return hours.reduce((sum, hour) => sum + (hour.hour < until ? hour[figure] : 0), 0);
}

/** How a figure stands to that of a week before, in basis points of the latter; null when there was nothing then. */
export function changeBp(now: number, before: number): number | null {
  return before === 0 ? null : Math.round(((now - before) / Math.abs(before)) * 10_000);
}

/** `1240` → `12.4%`; without a sign, which the arrow shows. */
export function percent(bp: number): string {
  return `${(Math.abs(bp) / 100).toFixed(1)}%`;
}

/** The whole hours of a day that are over: all of a past day, none of the running hour today. */
export function hoursOver(day: number, today: number, nowHour: number): number {
  return day < today ? 24 : nowHour;
}

/** The hour of the day at a moment, at head office's own zone (minutes east of UTC). */
export function hourAt(ms: number, zoneMinutes: number): number {
  return new Date(ms + zoneMinutes * 60_000).getUTCHours();
}

/** Branches that one chart can show before it is noise. */
export const CHART_BRANCHES = 5;

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

/** The first and last hour (exclusive) in which anything happened; the shop's usual day where nothing did. */
export function openHours(lists: readonly (readonly Hour[])[]): [number, number] {
  const busy = lists.flatMap((hours) => hours.filter((hour) => hour.turnover !== 0 || hour.received !== 0 || hour.bills !== 0).map((hour) => hour.hour));
  return busy.length === 0 ? [8, 22] : [Math.min(8, ...busy), Math.max(22, ...busy.map((hour) => hour + 1))];
}
