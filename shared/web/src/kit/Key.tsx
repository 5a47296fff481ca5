import type { ButtonHTMLAttributes, MouseEvent } from "react";

/** A plain button that never takes the focus from where the person types; the Tab key still reaches it. */
export function Key({ className = "", kbd, children, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & { kbd?: string | null | undefined }) {
  return (
    <button type="button" className={`key ${className}`} onMouseDown={keepFocus} {...rest}>
      {children}
      {kbd ? <kbd>{kbd}</kbd> : null}
    </button>
  );
}

function keepFocus(event: MouseEvent) {
  event.preventDefault();
}
