import type { ButtonHTMLAttributes, MouseEvent } from "react";

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { kbd?: string | null | undefined; "data-first"?: boolean; [data: `data-${string}`]: unknown };

/** A plain button that never takes the focus from where the person types; the Tab key still reaches it. */
export function Key({ className = "", kbd, children, ...rest }: Props) {
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
