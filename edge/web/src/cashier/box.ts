// The one box that takes everything: where it stands on the page, and how keys that are not the keyboard's write in it.

const element = () => document.getElementById("box") as HTMLInputElement | null;

/** What is in the box. */
export function boxText(): string {
  return element()?.value.normalize("NFKC").trim() ?? "";
}

/** Puts `text` in the box, as if typed. */
export function setBox(text: string): void {
  const box = element();
  if (box === null) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Brings the focus back to the box, unless a sheet is open. */
export function focusBox(): void {
  if (document.querySelector("dialog[open]") === null) element()?.focus({ preventScroll: true });
}
