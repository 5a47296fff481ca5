// How a branch's state reads: its light, its link, its devices.
import { deviceName, stateText } from "@catena/web/devices.ts";
import { count } from "@catena/web/money.ts";
import { dayClock, span } from "@catena/web/when.ts";
import type { Speech } from "@catena/web/i18n.ts";
import type { Schemas } from "../../api";
import { failing, type Light, sealed } from "../../lights";
import { useWords, type Word } from "../../words";

/** A light: colour and shape, and a word for those who see neither. */
export function LightSign({ of }: { of: Light }) {
  const { t } = useWords();
  return <i className={`light ${of}`} role="img" aria-label={t(`light.${of}`)} />;
}

/** `实时`, `断开 32 分钟 · 未上传 12`, `打印机：缺纸`. */
export function linkText(speech: Speech<Word>, branch: Schemas["Branch"], nowMs: number): string {
  const { t } = speech;
  if (branch.link === "never") return t("link.never");
  if (sealed(branch)) return t("link.sealed");
  const unsent = branch.unsent !== null && branch.unsent > 0 ? [t("link.unsent", { n: branch.unsent })] : [];
  if (branch.link === "down") return [t("link.down", { since: spanText(speech, nowMs - branch.seen_ms) }), ...unsent].join(" · ");
  const devices = failing(branch).map((device) => deviceText(speech, device));
  return [t("link.up"), ...(branch.owes === true ? [t("branch.owes")] : []), ...devices, ...unsent].join(" · ");
}

/** `32 分钟`. */
export function spanText(speech: Speech<Word>, ms: number): string {
  const { unit, n } = span(ms);
  return n === 0 ? speech.t("span.moment") : speech.t(`span.${unit}`, { n });
}

/** Entries that have not come; of a branch that is cut off nobody knows what it wrote since. */
export function unsentText({ t }: Speech<Word>, branch: Schemas["Branch"], n: number): string {
  if (branch.link !== "down" || sealed(branch)) return count(n);
  return n === 0 ? t("branch.unsent_unknown") : t("branch.unsent_least", { n: count(n) });
}

/** `小票打印机：缺纸`. */
export function deviceText(speech: Speech<Word>, device: Schemas["Device"]): string {
  return speech.t("device.text", { name: deviceName(speech, device), what: stateText(speech, device) });
}

/** When the hub last heard of something. */
export function heardText(speech: Speech<Word>, ms: number): string {
  return ms === 0 ? speech.t("link.never") : dayClock(ms);
}
