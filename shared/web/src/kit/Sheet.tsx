import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { Key } from "./Key";

/** A dialog over the page: everything behind it is out of reach, Esc closes it. The caller puts the focus back.
 * The focus goes to what is marked `data-first`, else to the title: never to a button that an Enter on its way would press.
 * `onKey` sees each key before anything inside does. */
export function Sheet(props: {
  /** What it is, for those who look for it whatever the language: `data-sheet`. */
  name: string;
  title: string;
  close: string;
  onClose: () => void;
  onKey?: (event: KeyboardEvent) => void;
  className?: string;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const shown = dialog.current;
    if (shown === null) return;
    if (!shown.open) shown.showModal();
    const focusFirst = () => {
      const first = shown.querySelector<HTMLElement>("[data-first]");
      first?.focus();
      return first !== null;
    };
    // What is read from the server comes later; until then the keys wait for it.
    const waiting = new MutationObserver(() => {
      if (focusFirst()) waiting.disconnect();
    });
    if (!focusFirst()) {
      shown.querySelector<HTMLElement>("h2")?.focus();
      waiting.observe(shown, { childList: true, subtree: true });
    }
    return () => {
      waiting.disconnect();
      shown.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`sheet ${props.className ?? ""}`}
      data-sheet={props.name}
      aria-labelledby={title}
      onKeyDownCapture={props.onKey}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <header>
        <h2 id={title} tabIndex={-1}>{props.title}</h2>
        <Key onClick={props.onClose} kbd="Esc">
          {props.close}
        </Key>
      </header>
      <div className="inside">{props.children}</div>
    </dialog>
  );
}
