import { type InputHTMLAttributes, type ReactNode, useId } from "react";

/** A labelled input; `wrong` says under it what to mend. */
export function Field({
  label,
  wrong,
  first,
  onText,
  ...input
}: InputHTMLAttributes<HTMLInputElement> & { label: ReactNode; wrong?: string | null | undefined; first?: boolean; onText: (text: string) => void }) {
  const id = useId();
  return (
    <label className="field">
      <span>{label}</span>
      <input
        autoComplete="off"
        spellCheck={false}
        {...(first ? { "data-first": true } : {})}
        {...(wrong ? { "aria-invalid": true, "aria-describedby": id } : {})}
        onChange={(event) => onText(event.target.value)}
        {...input}
      />
      {wrong ? (
        <span className="wrong" id={id}>
          {wrong}
        </span>
      ) : null}
    </label>
  );
}
