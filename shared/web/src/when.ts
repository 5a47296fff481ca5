// Times and days as people read them. Times are UTC milliseconds, days are integers yyyymmdd of a branch's own zone.

const two = (number: number) => number.toString().padStart(2, "0");

/** `14:05`. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `14:05:09`. */
export function clockSeconds(ms: number): string {
  return `${clock(ms)}:${two(new Date(ms).getSeconds())}`;
}

/** `11-21 14:05`. */
export function dayClock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(ms)}`;
}

/** `2026-11-21` of `20261121`. */
export function day(yyyymmdd: number): string {
  const text = yyyymmdd.toString().padStart(8, "0");
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** What was typed as a date, `1990-11-21`, `19901121` or `90.11.21`-like with four-digit year → yyyymmdd; null if there is no such day. */
export function readDay(text: string): number | null {
  const match = /^(\d{4})[-./ ]?(\d{1,2})[-./ ]?(\d{1,2})$/.exec(text.normalize("NFKC").trim());
  if (match === null) return null;
  const [year, month, date] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const at = new Date(Date.UTC(year, month - 1, date));
  if (at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== date) return null;
  return year * 10_000 + month * 100 + date;
}

/** Whole minutes, hours or days of a span, with its unit's name to be put into words. */
export function span(ms: number): { unit: "minutes" | "hours" | "days"; n: number } {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return { unit: "minutes", n: minutes };
  if (minutes < 48 * 60) return { unit: "hours", n: Math.floor(minutes / 60) };
  return { unit: "days", n: Math.floor(minutes / (24 * 60)) };
}
