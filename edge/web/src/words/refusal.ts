// A refusal's code and numbers → one sentence: who did what, why not, what now.
import { called } from "@catena/web/devices.ts";
import type { Language } from "@catena/web/money.ts";
import { discount, fen, quantity } from "@catena/web/money.ts";
import { day, dayClock } from "@catena/web/when.ts";
import type { Speech } from "@catena/web/i18n.ts";
import type { Refused } from "@catena/web/client.ts";
import type { Schemas } from "../api";
import type { Word } from "./index";

/** Arguments that are money wherever they occur. */
const MONEY = new Set(["over", "usable_here", "asked", "may_add", "cap", "amount", "held_total", "new_total", "gift", "due", "today", "spent", "principal", "bonus", "least"]);
/** Codes whose `limit` is money, or thousandths; elsewhere it is a count. */
const LIMIT: Readonly<Record<string, (value: number) => string>> = { open_item_limit: fen, issue_limit: fen, points_limit: fen, round_off_limit: fen, quantity_limit: quantity };

/** `17:00` of a minute of the day. */
function hourAndMinute(minute: number): string {
  return `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
}

/** The sentence for a refusal. */
export function sentence(speech: Speech<Word>, code: string, args: Refused["args"], tenders: readonly Schemas["TenderKind"][] = []): string {
  const shown: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value)) continue;
    if (typeof value === "number") {
      if (MONEY.has(name)) shown[name] = fen(value);
      else if (name === "limit") shown[name] = LIMIT[code]?.(value) ?? value;
      else if (name.endsWith("_ms")) shown[name] = dayClock(value);
      else shown[name] = value;
    } else if (typeof value === "string") shown[name] = value;
    else if (value !== null && typeof value === "object" && "name" in value) shown[name] = String(value.name);
  }
  if (code === "not_enough_here") {
    shown["elsewhere"] = elsewhere(speech, (args["elsewhere"] ?? []) as readonly Schemas["Elsewhere"][]);
    shown["short"] = fen(Number(args["asked"]) - Number(args["usable_here"]));
  }
  if (code === "not_returnable") shown["left"] = quantity(Number(args["left"]));
  if (code === "not_enough_uses") shown["elsewhere"] = elsewhere(speech, (args["elsewhere"] ?? []) as readonly Schemas["Elsewhere"][], (uses) => speech.t("package.uses", { n: uses }));
  for (const minute of ["from_minute", "until_minute"]) if (typeof args[minute] === "number") shown[minute] = hourAndMinute(args[minute]);
  if (typeof args["ends"] === "number") shown["ends"] = day(args["ends"]);
  if (code === "coupon_not_now") for (const of of ["from", "until"]) shown[of] = day(Number(args[of]));
  if (code === "lies_elsewhere" && args["since_ms"] === null) shown["since_ms"] = "";
  if (code === "used_today" && args["at_ms"] === null) shown["at_ms"] = "";
  if (code === "pay_code") {
    const tender = tenders.find((kind) => kind.code === args["tender"]);
    if (tender !== undefined) shown["tender"] = speech.name(tender);
    shown["left"] = fen(Number(args["left"]));
  }
  if (code === "port_taken") shown["used_by"] = called(speech, String(args["used_by"]));
  if (code === "forbidden") shown["right"] = right(speech, String(args["right"]));
  const last = code === "wrong_member_pin" && args["left"] === 0;
  return speech.say(`refusal.${last ? "member_pin_locked" : code}`, "refusal.unknown", shown);
}

/** The name of a right. */
export function right(speech: Speech<Word>, code: string): string {
  return speech.say(`right.${code}`, "right.other", { code });
}

/** Where the rest of a balance lies: `另有 180.00：100.00 在中山店；80.00 在总部，10:32 起失联。` */
export function elsewhere(speech: Speech<Word>, places: readonly Schemas["Elsewhere"][], figure: (amount: number) => string = fen): string {
  if (places.length === 0) return "";
  const parts = places.map((place) => {
    const filling = { amount: figure(place.amount), name: place.name === "" ? speech.t("place.hq") : place.name, at: place.since_ms === null ? "" : dayClock(place.since_ms) };
    return speech.t(place.reachable || place.since_ms === null ? "member.reachable" : "member.lost", filling);
  });
  const cut = places.some((place) => !place.reachable);
  const all = places.length > 1 ? figure(places.reduce((sum, place) => sum + place.amount, 0)) : null;
  return speech.language === "zh"
    ? `${speech.t("value.elsewhere")} ${all === null ? "" : `${all}：`}${parts.join("；")}${cut ? `（${speech.t("value.cut")}）` : ""}。`
    : `${speech.t("value.elsewhere")} ${all === null ? "" : `${all}: `}${parts.join("; ")}${cut ? ` (${speech.t("value.cut")})` : ""}. `;
}

/** The limit or the wish of an override: a discount where it is a rate, else money. */
export function rateOrMoney(value: unknown, rightCode: string, language: Language): string {
  if (typeof value !== "number") return "—";
  const isRate = rightCode.startsWith("discount");
  return isRate ? (discount(value, language) ?? (language === "zh" ? "10折" : "0% off")) : fen(value);
}
