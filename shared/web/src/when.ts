// Times and days as people read them. Times are UTC milliseconds, days are integers yyyymmdd of a branch's own zone.

const two = (number: number) => number.toString().padStart(2, "0");

let zoneMinutes: number | null = null;

/** Shows every time by a clock so many minutes east of UTC, however this computer's is set; null: as it is set. */
export function showTimesIn(minutes: number | null): void {
  zoneMinutes = minutes;
}

/** A moment whose UTC parts are those of the clock by which times are shown. */
function shown(ms: number): Date {
  return new Date(ms + (zoneMinutes ?? -new Date(ms).getTimezoneOffset()) * 60_000);
}

/** `+8` of 480, `+5:45` of 345: how far a clock is ahead of UTC. */
export function ahead(minutes: number): string {
  const span = Math.abs(minutes);
  return `${minutes < 0 ? "−" : "+"}${Math.floor(span / 60)}${span % 60 === 0 ? "" : `:${two(span % 60)}`}`;
}

/** `14:05`. */
export function clock(ms: number): string {
  const at = shown(ms);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** `14:05:09`. */
export function clockSeconds(ms: number): string {
  return `${clock(ms)}:${two(shown(ms).getUTCSeconds())}`;
}

/** `11-21 14:05`. */
export function dayClock(ms: number): string {
  const at = shown(ms);
  return `${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ${clock(ms)}`;
}

/** `2026-11-21 14:05:09`, for a file. */
export function fullClock(ms: number): string {
  return `${shown(ms).getUTCFullYear()}-${dayClock(ms).slice(0, 5)} ${clockSeconds(ms)}`;
}

/** What a date and time field of the browser holds, `2026-11-21T14:05`, as that clock means it → UTC ms; null while it is not whole. */
export function readDayClock(text: string): number | null {
  const read = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return Number.isNaN(read) ? null : read - (shown(read).getTime() - read);
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
