// Keys that work wherever the focus is: functions, tenders, the chosen line; and every other key goes to the scan box.
import { useEffect } from "react";
import { changeQuantity, hold, open, run } from "./actions";
import { boxText, focusBox, setBox } from "./box";
import { currentLine, state } from "./state";
import { keyName, press, tenderOf } from "./tender";

/** What the function keys do; `⇧` is the shift key. */
export const does = {
  F1: () => open({ kind: "help" }),
  F2: () => {
    const text = boxText();
    setBox("");
    open({ kind: "members", text });
  },
  F3: () => void hold(),
  F4: () => open({ kind: "held" }),
  F5: () => {
    const line = currentLine();
    if (line !== null) open({ kind: "line", line, ask: "discount" });
  },
  F6: () => {
    if (state.get().bill !== null) open({ kind: "bill_discount" });
  },
  "⇧F1": () => {
    if (state.get().bill !== null) open({ kind: "round_off" });
  },
  "⇧F2": () => open({ kind: "clerks" }),
  "⇧F3": () => open({ kind: "receipts" }),
  "⇧F4": () => open({ kind: "drawer" }),
  "⇧F5": () => open({ kind: "shift" }),
  F12: () => open({ kind: "more" }),
} as const;

export type FunctionKey = keyof typeof does;

function choose(step: number): void {
  const lines = state.get().bill?.lines ?? [];
  const at = lines.findIndex((line) => line.id === currentLine()?.id);
  const next = lines[at + step];
  if (next !== undefined) state.set({ chosen: next.id });
}

/** Keys on an empty box: those of the chosen line, and `/` for slips that wait. */
const lineKeys: Readonly<Record<string, () => void>> = {
  "+": () => step(1000),
  "-": () => step(-1000),
  Delete: () => {
    const line = currentLine();
    if (line !== null) void run("remove", { line: line.id });
  },
  ArrowUp: () => choose(-1),
  ArrowDown: () => choose(1),
  "/": () => open({ kind: "slips" }),
};

function step(by: number): void {
  const line = currentLine();
  if (line !== null && !line.weighed) void changeQuantity(line, by);
}

function pressed(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]") !== null) {
    if (/^F\d+$/.test(event.key)) event.preventDefault();
    return;
  }
  const name = keyName(event);
  const tender = tenderOf(name);
  if (tender !== null || name in does) {
    event.preventDefault();
    // The sheet that opens now listens too: this very key press is not for it, nor is the key held down.
    event.stopImmediatePropagation();
    if (event.repeat) return;
    return tender !== null ? press(tender) : does[name as FunctionKey]();
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") {
    setBox("");
    state.set({ notice: null });
    return focusBox();
  }
  const inBox = document.activeElement?.id === "box";
  if (boxText() === "" && event.key in lineKeys && !event.isComposing) {
    event.preventDefault();
    return lineKeys[event.key]?.();
  }
  // A printable key pressed elsewhere belongs to the box: a scanner does not know where the focus is.
  if (!inBox && event.key.length === 1 && event.key !== " ") focusBox();
}

/** Listens while the selling page stands. */
export function useKeys(): void {
  useEffect(() => {
    document.addEventListener("keydown", pressed, true);
    const back = () => setTimeout(() => {
      const at = document.activeElement;
      if (at === null || at === document.body) focusBox();
    });
    document.addEventListener("pointerup", back);
    window.addEventListener("focus", back);
    focusBox();
    return () => {
      document.removeEventListener("keydown", pressed, true);
      document.removeEventListener("pointerup", back);
      window.removeEventListener("focus", back);
    };
  }, []);
}
