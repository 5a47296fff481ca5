// Reads a keyboard-wedge scanner by its physical keys. A scanner types a whole code in a burst; with a Chinese input
// method left on, the text that arrives in the box is spoilt, but the keys themselves (`event.code`) are right.

/** Keys of one burst follow each other within this time. */
const BURST_GAP_MS = 60;
/** Shorter bursts are a person's. */
const BURST_KEYS = 4;

/** A reader that beeps twice sends the same again within this time. */
const AGAIN_MS = 2_000;

const SHIFTED: Readonly<Record<string, string>> = {
  ...Object.fromEntries([..."!@#$%^&*()"].map((char, place) => [`Digit${(place + 1) % 10}`, char])),
  Equal: "+",
  Minus: "_",
  Semicolon: ":",
  Slash: "?",
  Comma: "<",
  Period: ">",
};
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

interface Pressed {
  readonly char: string;
  readonly atMs: number;
}

const text = (keys: readonly Pressed[]) => keys.map((key) => key.char).join("");

/** The last keys as far as each followed the one before at once; null = too few for a scanner. */
function burst(keys: readonly Pressed[], atMs: number): string | null {
  let from = keys.length;
  let next = atMs;
  while (from > 0 && next - (keys[from - 1]?.atMs ?? 0) <= BURST_GAP_MS) {
    from -= 1;
    next = keys[from]?.atMs ?? 0;
  }
  return keys.length - from < BURST_KEYS ? null : text(keys.slice(from));
}

let last: { text: string; atMs: number } | null = null;

/** Notes a scan; true = it is the one before once more, as of a reader that beeps twice. */
export function isAgain(scan: string, atMs: number): boolean {
  const again = last !== null && last.text === scan && atMs - last.atMs <= AGAIN_MS;
  last = { text: scan, atMs };
  return again;
}

/** What was keyed since the box was empty. */
export class Wedge {
  #keys: Pressed[] = [];
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
    const scanned = burst(keys, atMs);
    if (scanned === null) return shown.normalize("NFKC").trim();
    const before = text(keys.slice(0, -scanned.length));
    return (/^\d{1,3}\*$/.test(before) ? before : "") + scanned.trim();
  }

  /** What a scanner typed up to now: then Enter is the scanner's, also while an input method composes; null = a person typed. */
  burst(atMs: number): string | null {
    return burst(this.#keys, atMs);
  }

  /** The box was emptied. */
  clear(): void {
    this.#keys = [];
    this.#composed = false;
  }
}
