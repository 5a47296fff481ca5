import { type ReactNode, useEffect, useId, useRef } from "react";
import { Key } from "./Key";

/** A dialog over the page: everything behind it is out of reach, Esc closes it. The caller puts the focus back. */
export function Sheet(props: { title: string; close: string; onClose: () => void; className?: string; children: ReactNode }) {
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
    if (!focusFirst()) waiting.observe(shown, { childList: true, subtree: true });
    return () => {
      waiting.disconnect();
      shown.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`sheet ${props.className ?? ""}`}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <header>
        <h2 id={title}>{props.title}</h2>
        <Key onClick={props.onClose} kbd="Esc">
          {props.close}
        </Key>
      </header>
      <div className="inside">{props.children}</div>
    </dialog>
  );
}
