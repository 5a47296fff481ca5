import { type ReactNode, useId } from "react";

/** A titled part of a page. */
export function Panel({ title, extra, className = "", children }: { title: ReactNode; extra?: ReactNode; className?: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {extra}
      </header>
      {children}
    </section>
  );
}

/** A page's title and what can be done on the whole of it. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className="page-head">
      <h1>{title}</h1>
      <div className="actions">{children}</div>
    </header>
  );
}
