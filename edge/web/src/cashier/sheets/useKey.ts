import { useEffect, useRef } from "react";

/** Listens to keys while a sheet stands. A key held down counts once: what opened a sheet must not also act in it. */
export function useKey(pressed: (event: KeyboardEvent) => void): void {
  useEffect(() => {
    const once = (event: KeyboardEvent) => {
      if (event.repeat) {
        if (/^F\d+$/.test(event.key)) event.preventDefault();
        return;
      }
      pressed(event);
    };
    document.addEventListener("keydown", once);
    return () => document.removeEventListener("keydown", once);
  });
}

/** A digit followed by another key within this time is part of a scan, not a choice. */
const ALONE_MS = 120;

/** Calls `chosen` when one of the digits 1 to `n` is pressed by itself. A code scanned meanwhile chooses nothing. */
export function useDigits(n: number, chosen: (index: number) => void): void {
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lastMs = useRef(-Infinity);
  useEffect(() => () => clearTimeout(waiting.current), []);
  useKey((event) => {
    const sinceMs = event.timeStamp - lastMs.current;
    lastMs.current = event.timeStamp;
    clearTimeout(waiting.current);
    if (sinceMs < ALONE_MS || event.target instanceof HTMLInputElement || !/^[1-9]$/.test(event.key) || Number(event.key) > n) return;
    event.preventDefault();
    const index = Number(event.key) - 1;
    waiting.current = setTimeout(() => chosen(index), ALONE_MS);
  });
}
