import { Boundary } from "@catena/web/kit/Boundary.tsx";
import { Button, Result } from "antd";
import type { ReactNode } from "react";
import { useWords } from "./words";

/** A fault of the page itself: say so and offer to start it again. */
export function Broken({ children }: { children: ReactNode }) {
  return <Boundary sorry={(fault) => <Sorry fault={fault} />}>{children}</Boundary>;
}

/** What a page that failed says. */
export function Sorry({ fault }: { fault: string }) {
  const { t } = useWords();
  return (
    <main>
      <Result
        status="warning"
        title={t("broken.title")}
        subTitle={fault}
        extra={
          <Button type="primary" onClick={() => location.reload()}>
            {t("broken.again")}
          </Button>
        }
      />
    </main>
  );
}
