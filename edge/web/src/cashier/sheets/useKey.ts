import { useEffect } from "react";

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
