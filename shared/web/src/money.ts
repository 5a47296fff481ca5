// Money, quantities and discounts as people read them. In: integer fen, thousandths, basis points. Nothing here
// decides anything; amounts are only shown, or read from what was typed.

/** The two languages of the pages. */
export type Language = "zh" | "en";

/** The largest amount that can be typed: ¥9,999,999.99. */
export const MAX_TYPED_FEN = 999_999_999;

/** `123456` → `1,234.56`; the sign in front is the real minus sign. */
export function fen(amount: number): string {
  const text = Math.abs(amount).toString().padStart(3, "0");
  const yuan = text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0 ? "−" : ""}${yuan}.${text.slice(-2)}`;
}

/** `123456` → `¥1,234.56`. */
export function yuan(amount: number): string {
  return amount < 0 ? `−¥${fen(-amount)}` : `¥${fen(amount)}`;
}

/** `123456` → `1234.56`, as a person would type it; whole yuan without decimals. */
export function typed(amount: number): string {
  const text = fen(amount).replace(/,/g, "").replace("−", "-");
  return text.endsWith(".00") ? text.slice(0, -3) : text;
}

/** What was typed as money → fen; null when it is no amount. Full-width digits are taken, a third decimal is not. */
export function readFen(text: string): number | null {
  const match = /^(\d{0,7})(?:\.(\d{0,2}))?$/.exec(text.normalize("NFKC").replace(/[,\s¥]/g, "").replace("。", "."));
  if (match === null || (match[1] === "" && (match[2] ?? "") === "")) return null;
  const amount = Number(match[1] === "" ? "0" : match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
  return amount > MAX_TYPED_FEN ? null : amount;
}

/** `2000` → `2`; `755` → `0.755`. */
export function quantity(thousandths: number): string {
  const sign = thousandths < 0 ? "−" : "";
  const whole = Math.trunc(Math.abs(thousandths) / 1000);
  const rest = (Math.abs(thousandths) % 1000).toString().padStart(3, "0").replace(/0+$/, "");
  return `${sign}${whole}${rest === "" ? "" : `.${rest}`}`;
}

/** What was typed as a quantity → thousandths; null when it is none or not above zero. */
export function readQuantity(text: string): number | null {
  const match = /^(\d{1,6})?(?:\.(\d{0,3}))?$/.exec(text.normalize("NFKC").trim());
  if (match === null) return null;
  const amount = Number(match[1] ?? "0") * 1000 + Number((match[2] ?? "").padEnd(3, "0"));
  return amount > 0 ? amount : null;
}

/** A count, grouped: `12860` → `12,860`. */
export function count(number: number): string {
  return number.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A discount, given as the rate that remains: 9500 is `9.5折` in Chinese and `5% off` in English; null = none to speak of. */
export function discount(rateBp: number, language: Language): string | null {
  if (rateBp >= 10_000) return null;
  if (language === "zh") return `${trim(rateBp, 1000)}折`;
  return `${trim(10_000 - rateBp, 100)}% off`;
}

function trim(value: number, unit: number): string {
  const places = Math.log10(unit);
  const text = value.toString().padStart(places + 1, "0");
  const decimals = text.slice(-places).replace(/0+$/, "");
  return decimals === "" ? text.slice(0, -places) : `${text.slice(0, -places)}.${decimals}`;
}

/** What was typed as a discount → the rate that remains: `9.5`, `95` and `8` in Chinese (折); `5` is 5 % off in English. */
export function readDiscount(text: string, language: Language): number | null {
  const match = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text.normalize("NFKC").trim());
  if (match === null) return null;
  const decimals = match[2] ?? "";
  if (language === "en") {
    const off = Number(match[1]) * 100 + Number(decimals.padEnd(2, "0"));
    return off > 0 && off < 10_000 ? 10_000 - off : null;
  }
  const whole = match[1] ?? "";
  if (whole.length === 2) return decimals === "" && whole >= "10" ? Number(whole) * 100 : null;
  const rate = Number(whole) * 1000 + Number(decimals.padEnd(3, "0"));
  return rate > 0 ? rate : null;
}
