import { yuan } from "@catena/web/money.ts";
import { clockSeconds } from "@catena/web/when.ts";
import { Link } from "@tanstack/react-router";
import { Button, Empty } from "antd";
import { useState } from "react";
import { useRead } from "../../api";
import { Failure } from "../../kit/Failure";
import { Panel } from "../../kit/Panel";
import { LAST_SALES } from "../../live/events";
import { useArrived } from "../../live/useLive";
import { useWords } from "../../words";
import { SaleDrawer } from "../sale/SaleDrawer";

/** Sales as they come in; each opens down to its lines. */
export function LastSales() {
  const speech = useWords();
  const { t } = speech;
  const sales = useRead("/api/sales", { query: { limit: LAST_SALES } });
  const arrived = useArrived();
  const [open, setOpen] = useState<string | null>(null);
  const rows = sales.data?.rows ?? [];
  return (
    <Panel className="last-sales" title={t("last_sales")} extra={<Link to="/sales" search={{}}>{t("all")}</Link>}>
      <Failure of={sales} />
      {rows.length === 0 && sales.data !== undefined ? <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("last_sales.none")} /> : null}
      <ol>
        {rows.map((sale) => (
          <li key={sale.id} className={arrived.has(sale.id) ? "arrived" : ""}>
            <Button type="text" onClick={() => setOpen(sale.id)}>
              <time className="figure soft">{clockSeconds(sale.at_ms)}</time>
              <span className="where">
                {speech.name(sale.branch)} {sale.kind === "sale" ? null : <span className={`kind ${sale.kind}`}>{t(`kind.${sale.kind}`)}</span>}
              </span>
              <span className="soft how">{sale.tenders.map((tender) => speech.name(tender)).join(" + ")}</span>
              <b className={`figure ${sale.kind === "return" ? "below" : ""}`}>{yuan(sale.kind === "return" ? -Math.abs(sale.due) : sale.due)}</b>
            </Button>
          </li>
        ))}
      </ol>
      <SaleDrawer id={open} onClose={() => setOpen(null)} />
    </Panel>
  );
}
