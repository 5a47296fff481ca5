// Reads a keyboard-wedge scanner by its physical keys. A scanner types a whole code in a burst; with a Chinese input
// method left on, the text that arrives in the box is spoilt, but the keys themselves (`event.code`) are right.

/** Keys of one burst follow each other within this time. */
const BURST_GAP_MS = 60;
/** Shorter bursts are a person's. */
const BURST_KEYS = 4;

const SHIFTED: Readonly<Record<string, string>> = { Digit8: "*", Equal: "+", Minus: "_", Semicolon: ":", Slash: "?" };
const PLAIN: Readonly<Record<string, string>> = {
  NumpadMultiply: "*",
  NumpadAdd: "+",
  NumpadSubtract: "-",
  NumpadDecimal: ".",
  NumpadDivide: "/",
  Period: ".",
  Minus: "-",
  Slash: "/",
  Equal: "=",
  Semicolon: ";",
  Comma: ",",
  Space: " ",
};

/** The character that a physical key types on a plain keyboard; null for keys that type none. */
export function character(code: string, shift: boolean): string | null {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
  if (digit !== null && !(shift && code.startsWith("Digit"))) return digit[1] ?? null;
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter !== null) return shift ? (letter[1] ?? null) : (letter[1]?.toLowerCase() ?? null);
  return (shift ? SHIFTED[code] : undefined) ?? PLAIN[code] ?? null;
}

/** What was keyed since the box was empty. */
export class Wedge {
  #keys: { char: string; atMs: number }[] = [];
  #composed = false;

  /** A key went down in the box. `composing`: an input method had it. */
  press(code: string, shift: boolean, composing: boolean, atMs: number): void {
    this.#composed ||= composing;
    if (code === "Backspace") {
      this.#keys.pop();
      return;
    }
    const char = character(code, shift);
    if (char !== null) this.#keys.push({ char, atMs });
  }

  /** Enter: the text meant. What the box holds is right, unless an input method took part in a burst. */
  read(shown: string, atMs: number): string {
    const spoilt = this.#composed;
    const keys = this.#keys;
    this.clear();
    if (!spoilt) return shown.normalize("NFKC").trim();
    let from = keys.length;
    let next = atMs;
    while (from > 0 && next - (keys[from - 1]?.atMs ?? 0) <= BURST_GAP_MS) {
      from -= 1;
      next = keys[from]?.atMs ?? 0;
    }
    if (keys.length - from < BURST_KEYS) return shown.normalize("NFKC").trim();
    const text = (part: { char: string }[]) => part.map((key) => key.char).join("");
    const before = text(keys.slice(0, from));
    return (/^\d{1,3}\*$/.test(before) ? before : "") + text(keys.slice(from)).trim();
  }

  /** Whether the keys up to now came as a burst: then Enter is the scanner's, also while an input method composes. */
  isBurst(atMs: number): boolean {
    const tail = this.#keys.slice(-BURST_KEYS);
    if (tail.length < BURST_KEYS) return false;
    return [...tail.slice(1).map((key) => key.atMs), atMs].every((at, index) => at - (tail[index]?.atMs ?? 0) <= BURST_GAP_MS);
  }

  /** The box was emptied. */
  clear(): void {
    this.#keys = [];
    this.#composed = false;
  }
}
