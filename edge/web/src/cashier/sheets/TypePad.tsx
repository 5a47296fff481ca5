import { Key } from "@catena/web/kit/Key.tsx";
import { useWords } from "../../words";

const DIGITS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "00", "0", "."];

/** The field that a touch key writes in: the one with the focus, else the sheet's first. */
function field(): HTMLInputElement | null {
  const at = document.activeElement;
  if (at instanceof HTMLInputElement) return at;
  const first = document.querySelector<HTMLInputElement>("dialog[open] input[data-first]") ?? document.querySelector<HTMLInputElement>("dialog[open] input");
  first?.focus();
  return first;
}

/** Writes as a keyboard would, so that the field's own component hears it. */
export function write(change: (text: string) => string): void {
  const input = field();
  if (input === null) return;
  const text = change(input.value);
  if (input.maxLength >= 0 && text.length > input.maxLength) return;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, text);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Number keys beside a sheet's fields, for tills without a keyboard. */
export function TypePad() {
  const { t } = useWords();
  return (
    <div className="pad type-pad" role="group" aria-label={t("pad.label")}>
      {DIGITS.map((digit) => (
        <Key key={digit} className="digit" tabIndex={-1} onClick={() => write((text) => text + digit)}>
          {digit}
        </Key>
      ))}
      <Key className="erase" tabIndex={-1} aria-label={t("pad.erase")} onClick={() => write((text) => text.slice(0, -1))}>
        ⌫
      </Key>
    </div>
  );
}
