// How a setting reads: its title, its value with its unit, and what it may hold. Values are texts as the hub keeps them.
import type { Speech } from "@catena/web/i18n.ts";
import { readFen, typed, yuan } from "@catena/web/money.ts";
import type { Schemas } from "../../api";
import type { Word } from "../../words";

export type Setting = Schemas["Setting"];
type Words = Speech<Word>;

/** What the number of a setting counts. */
export type Unit = "money" | "percent" | "clock" | "minutes" | "days" | "months" | "count";

const UNITS: readonly (readonly [RegExp, Unit])[] = [
  [/_minor$|^tier:|^branch:|^commission:(hand\.|asked_for)/, "money"],
  [/_bp$|^member_day:|^commission:/, "percent"],
  [/_quiet_(from|until)$/, "clock"],
  [/_minutes$/, "minutes"],
  [/_days$/, "days"],
  [/_months$/, "months"],
];
/** From here on a bound is there to keep numbers sound, and no rule of the trade. */
const BOUNDLESS = 1_000_000_000;

/** Settings of which a chain has as many as it likes: what stands before and after the colon of their keys. */
export const ADDED = {
  tender: { group: "till", tail: /^[a-z0-9_]{1,16}$/, holds: { kind: "text", most: 80 } },
  tier: { group: "value", tail: /^[1-9]\d{0,11}$/, holds: { kind: "number", least: 0, most: BOUNDLESS } },
  member_day: { group: "points", tail: /^([1-9]|[12]\d|3[01]|mon|tue|wed|thu|fri|sat|sun)$/, holds: { kind: "number", least: 10_000, most: 100_000 } },
  commission: { group: "commission", tail: /^(sale|top_up|package|use|asked_for|category\.[\w.-]{1,16}|product\.\d{1,9}|hand\.\d{1,9})@\d{8}$/, holds: { kind: "number", least: 0, most: 1_000_000 } },
  branch: { group: "allowance", tail: /^[A-Za-z0-9_.-]{1,8}$/, holds: { kind: "number", least: 0, most: BOUNDLESS } },
  prefix: { group: "codes", tail: /^\d{2}$/, holds: { kind: "word", words: ["amount", "weight"] } },
} as const satisfies Record<string, { group: string; tail: RegExp; holds: Setting["holds"] }>;

/** For what commission is paid. */
export const EARNINGS = ["sale", "category", "product", "top_up", "package", "use", "hand", "asked_for"] as const;
export type Earning = (typeof EARNINGS)[number];

/** Whether it is of one category, product or service. */
export function ofOne(what: Earning): what is "category" | "product" | "hand" {
  return what === "category" || what === "product" || what === "hand";
}

/** What stands behind the colon of a commission's key; `from` as a date field has it. */
export function earningKey(what: Earning, code: string, from: string): string {
  return `${ofOne(what) ? `${what}.${code}` : what}@${from.replaceAll("-", "")}`;
}

/** A commission as people say it. */
function earningOf({ say }: Words, tail: string): string {
  const [of = "", from = ""] = tail.split("@");
  const [what = "", code = ""] = of.split(/\.(.*)/);
  return `${say(`setting.earning.${what}`, "code", { what, code })} ${from.replace(/(\d{4})(\d{2})/, "$1-$2-")}`;
}

/** What the number under a key counts. */
export function unitOf(key: string): Unit {
  return UNITS.find(([fits]) => fits.test(key))?.[1] ?? "count";
}

function divided(key: string): { head: string; tail: string } {
  const [head = key, tail = ""] = key.split(":");
  return { head, tail };
}

/** The days that may be member days: of the week, then of the month. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", ...Array.from({ length: 31 }, (_, at) => String(at + 1))];

/** A member day as people say it. */
export function dayOf({ t, say }: Words, day: string): string {
  return /^\d+$/.test(day) ? t("setting.day.of_month", { n: day }) : say(`setting.day.${day}`, "code", { what: day });
}

/** What people call a setting; one without a name here is shown by its key. */
export function titleOf(speech: Words, key: string): string {
  const { head, tail } = divided(key);
  const said = head === "tier" ? yuan(Number(tail)) : head === "member_day" ? dayOf(speech, tail) : head === "commission" ? earningOf(speech, tail) : tail;
  return speech.say(`setting.key.${head}`, "code", { what: key, tail: said });
}

/** Minutes of the day as a clock shows them. */
function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function numbered({ t }: Words, unit: Unit, value: number): string {
  if (unit === "money") return yuan(value);
  if (unit === "percent") return `${value / 100}%`;
  if (unit === "clock") return clock(value);
  return unit === "count" ? value.toString() : t(`span.${unit}`, { n: value });
}

/** A tender as it is kept: `order|中文|English|kind`. */
export function readTender(value: string): { order: string; name: string; name_en: string } {
  const [order = "", name = "", name_en = ""] = value.split("|");
  return { order, name, name_en };
}

/** The reverse of `readTender`. */
export function writeTender({ order, name, name_en }: { order: string; name: string; name_en: string }): string {
  return [order, name, name_en, "other"].map((part) => part.trim()).join("|");
}

/** A word that a setting may hold. */
export function wordOf({ say }: Words, key: string, word: string): string {
  return say(`setting.word.${divided(key).head}.${word}`, "code", { what: word });
}

/** A value as people read it; null: nothing is set, and there is no default. */
export function valueOf(speech: Words, { key, holds }: Setting, value: string | null): string {
  const { t } = speech;
  if (value === null) return t("setting.no_limit");
  if (holds.kind === "word") return wordOf(speech, key, value);
  if (holds.kind === "yes") return t(value === "1" ? "yes" : "no");
  if (holds.kind === "number") return numbered(speech, unitOf(key), Number(value));
  if (!key.startsWith("tender:")) return value;
  const { order, name, name_en } = readTender(value);
  return `${order}. ${name} / ${name_en}`;
}

/** What a setting may hold, in words. */
export function rangeOf(speech: Words, { key, holds }: Setting): string {
  const { t } = speech;
  if (holds.kind === "word") return holds.words.map((word) => wordOf(speech, key, word)).join(" / ");
  if (holds.kind === "yes") return `${t("yes")} / ${t("no")}`;
  if (holds.kind === "text") return key.startsWith("tender:") ? t("setting.range.tender") : t("setting.range.text", { n: holds.most });
  const [least, most] = [holds.least, holds.most].map((bound) => numbered(speech, unitOf(key), bound));
  return holds.most >= BOUNDLESS ? t("setting.range.least", { least }) : t("setting.range.both", { least, most });
}

/** A kept number as a person types it in its unit. */
export function typedNumber(unit: Unit, value: string): string {
  if (value === "") return "";
  if (unit === "money") return typed(Number(value));
  if (unit === "clock") return clock(Number(value));
  return unit === "percent" ? (Number(value) / 100).toString() : value;
}

/** What a person typed in a unit, as it is kept; null where it is no number of that unit. */
export function readNumber(unit: Unit, text: string): string | null {
  if (unit === "money") return readFen(text)?.toString() ?? null;
  if (unit === "clock") {
    const [, hour, minute] = /^([01]?\d|2[0-3])[:：]([0-5]\d)$/.exec(text.trim()) ?? [];
    return hour === undefined ? null : (Number(hour) * 60 + Number(minute)).toString();
  }
  if (!/^\d+(\.\d{1,2})?$/.test(text.trim())) return null;
  const number = unit === "percent" ? Math.round(Number(text) * 100) : Number(text);
  return Number.isInteger(number) ? number.toString() : null;
}
