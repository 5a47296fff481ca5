import { Boundary } from "@catena/web/kit/Boundary.tsx";
import { Key } from "@catena/web/kit/Key.tsx";
import type { ReactNode } from "react";
import { useWords } from "./words";

/** A fault of the page itself: say so and offer to start it again. The bill is the edge's and is not touched. */
export function Broken({ children }: { children: ReactNode }) {
  return <Boundary sorry={(fault) => <Sorry fault={fault} />}>{children}</Boundary>;
}

function Sorry({ fault }: { fault: string }) {
  const { t } = useWords();
  return (
    <main className="no-host" role="alert">
      <h1>{t("broken.title")}</h1>
      <p>{t("broken.text")}</p>
      <Key className="main" autoFocus onClick={() => location.reload()}>
        {t("broken.again")}
      </Key>
      <small className="soft">{fault}</small>
    </main>
  );
}
