import { describe, expect, it } from "vitest";
import { character, isAgain, Wedge } from "../src/cashier/wedge";

/** Keys of a text: digits by the row of digits, letters by their keys. */
const codes = (text: string) => [...text].map((char) => (char === "*" ? "NumpadMultiply" : /\d/.test(char) ? `Digit${char}` : `Key${char.toUpperCase()}`));

function burst(wedge: Wedge, text: string, fromMs: number, composing: boolean, gapMs = 8): number {
  let at = fromMs;
  for (const code of codes(text)) {
    wedge.press(code, false, composing, at);
    at += gapMs;
  }
  return at;
}

describe("physical keys", () => {
  it.each([
    ["Digit6", false, "6"],
    ["Numpad6", false, "6"],
    ["Digit8", true, "*"],
    ["NumpadMultiply", false, "*"],
    ["KeyA", false, "a"],
    ["KeyA", true, "A"],
    ["Minus", false, "-"],
    ["Comma", false, ","],
    ["Semicolon", false, ";"],
    ["Slash", true, "?"],
    ["Digit5", true, "%"],
    ["Digit6", true, "^"],
    ["Digit0", true, ")"],
    ["ShiftLeft", true, null],
    ["Enter", false, null],
  ])("%s with shift %s types %s", (code, shift, char) => expect(character(code, shift)).toBe(char));
});

describe("a scanner", () => {
  it("is read from the box when no input method is on", () => {
    const wedge = new Wedge();
    const at = burst(wedge, "6921168509256", 1000, false);
    expect(wedge.read("6921168509256", at)).toBe("6921168509256");
  });
  it("is read by its keys when an input method spoilt the box", () => {
    const wedge = new Wedge();
    const at = burst(wedge, "RM0100012", 1000, true);
    expect(wedge.burst(at)).toBe("rm0100012");
    expect(wedge.read("人民0100012", at)).toBe("rm0100012");
  });
  it("keeps the quantity that was typed before it", () => {
    const wedge = new Wedge();
    wedge.press("Digit3", false, true, 0);
    wedge.press("NumpadMultiply", false, true, 400);
    const at = burst(wedge, "6921168509256", 3000, true);
    expect(wedge.read("3＊6921168509256", at)).toBe("3*6921168509256");
  });
  it("drops what else was typed before it with the input method", () => {
    const wedge = new Wedge();
    let at = burst(wedge, "kele", 0, true, 200);
    at = burst(wedge, "6921168509256", at + 2000, true);
    expect(wedge.read("可乐6921168509256", at)).toBe("6921168509256");
  });
  it("begins anew after the box was emptied", () => {
    const wedge = new Wedge();
    burst(wedge, "kele", 0, true);
    wedge.clear();
    const at = burst(wedge, "6921168509256", 1000, false);
    expect(wedge.read("6921168509256", at)).toBe("6921168509256");
  });
});

describe("a person", () => {
  it("typing slowly with an input method is read from the box", () => {
    const wedge = new Wedge();
    const at = burst(wedge, "niunai", 0, true, 180);
    expect(wedge.burst(at)).toBeNull();
    expect(wedge.read("牛奶", at)).toBe("牛奶");
  });
  it("typing full-width digits means plain ones", () => {
    expect(new Wedge().read(" ３＊６９２１ ", 0)).toBe("3*6921");
  });
  it("correcting a digit is followed", () => {
    const wedge = new Wedge();
    wedge.press("Digit9", false, true, 0);
    wedge.press("Backspace", false, true, 200);
    const at = burst(wedge, "69211", 400, true);
    expect(wedge.read("６９２１１", at)).toBe("69211");
  });
});

describe("a card reader that types", () => {
  const pressed = (keys: readonly (readonly [string, boolean])[]) => {
    const wedge = new Wedge();
    keys.forEach(([code, shift], place) => wedge.press(code, shift, true, 1000 + place * 8));
    return wedge.read("；六零零一？", 1000 + keys.length * 8);
  };
  it("is read whole through an input method: the tracks of a stripe with their marks", () => {
    const digits = (text: string) => [...text].map((digit) => [`Digit${digit}`, false] as const);
    const track1 = [["Digit5", true], ["KeyB", true], ...digits("6001"), ["Digit6", true], ["KeyW", true], ["Digit6", true], ["Slash", true]] as const;
    const track2 = [["Semicolon", false], ...digits("6001"), ["Equal", false], ...digits("9912"), ["Slash", true]] as const;
    expect(pressed([...track1, ...track2])).toBe("%B6001^W^?;6001=9912?");
  });
  it("is read in the form of three and five digits", () => {
    const wedge = new Wedge();
    [..."006,08613"].forEach((char, place) => wedge.press(char === "," ? "Comma" : `Digit${char}`, false, true, 1000 + place * 8));
    expect(wedge.read("006，08613", 1080)).toBe("006,08613");
  });
  it("and beeps twice is noticed; the same later, or another, is a new read", () => {
    expect(isAgain("6001", 10_000)).toBe(false);
    expect(isAgain("6001", 10_400)).toBe(true);
    expect(isAgain("6002", 10_800)).toBe(false);
    expect(isAgain("6001", 11_000)).toBe(false);
    expect(isAgain("6001", 13_500)).toBe(false);
  });
});
