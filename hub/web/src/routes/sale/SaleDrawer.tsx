import { fen, quantity, yuan } from "@catena/web/money.ts";
import { day as dayText, dayClock } from "@catena/web/when.ts";
import { Link } from "@tanstack/react-router";
import { Descriptions, Drawer, Spin, Tag } from "antd";
import { useRead, type Schemas } from "../../api";
import { money, pieces, text } from "../../kit/columns";
import { Failure } from "../../kit/Failure";
import { Part } from "../../kit/Listing";
import { useMay } from "../../session";
import { useWords } from "../../words";

/** One sale, return or top-up down to its lines and the entry it is; null = closed. */
export function SaleDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useWords();
  const sale = useRead("/api/sales/{id}", { parts: { id: id ?? "" }, when: id !== null });
  return (
    <Drawer open={id !== null} onClose={onClose} size={760} title={sale.data === undefined ? t("sale.title") : t("sale.of", { no: sale.data.receipt_no })} destroyOnHidden>
      <Failure of={sale} />
      {sale.data === undefined ? sale.error === null ? <Spin /> : null : <SaleView sale={sale.data} />}
    </Drawer>
  );
}

function SaleView({ sale }: { sale: Schemas["Sale"] }) {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const columns = [
    text<Schemas["SaleLine"]>(t("sale.line"), (line) => speech.name(line)),
    pieces<Schemas["SaleLine"]>(t("sale.quantity"), (line) => line.quantity, { render: (_, line) => `${quantity(line.quantity)} ${line.unit}` }),
    money<Schemas["SaleLine"]>(t("sale.list_price"), (line) => line.list_price),
    money<Schemas["SaleLine"]>(t("sale.price"), (line) => line.price),
    money<Schemas["SaleLine"]>(t("sale.discount"), (line) => line.discount),
    money<Schemas["SaleLine"]>(t("sale.net"), (line) => line.net),
    ...(sale.lines.some((line) => line.returned !== 0) ? [pieces<Schemas["SaleLine"]>(t("sale.returned"), (line) => line.returned)] : []),
  ];
  const member = sale.member;
  return (
    <>
      <Descriptions
        size="small"
        column={2}
        items={[
          { key: "kind", label: t("sale.kind"), children: <Tag className={`kind ${sale.kind}`}>{t(`kind.${sale.kind}`)}</Tag> },
          { key: "at", label: t("time"), children: dayClock(sale.at_ms) },
          { key: "branch", label: t("branch"), children: `${speech.name(sale.branch)} · ${t("till", { n: sale.till })}` },
          { key: "day", label: t("sale.day"), children: dayText(sale.day) },
          { key: "cashier", label: t("sale.cashier"), children: sale.cashier?.name ?? "—" },
          ...(sale.sales_clerks.length === 0 ? [] : [{ key: "clerks", label: t("sale.clerks"), children: sale.sales_clerks.map((clerk) => clerk.name).join(" · ") }]),
          {
            key: "member",
            label: t("member"),
            children: member === null ? t("walk_in") : may("members") ? <Link to="/members" search={{ id: member.id }}>{member.name}</Link> : member.name,
          },
        ]}
      />
      {sale.kind === "top_up" || sale.kind === "paper" ? null : <Part title={t("sale.lines")} columns={columns} rows={sale.lines} rowKey={(line) => line.n.toString()} pageRows={0} />}
      <dl className="totals">
        {sale.kind === "top_up" || sale.kind === "paper" ? null : <Total label={t("sale.subtotal")} value={fen(sale.subtotal)} />}
        {sale.discount === 0 ? null : <Total label={t("sale.discount")} value={fen(-sale.discount)} />}
        {sale.rounding === 0 ? null : <Total label={t("sale.rounding")} value={fen(-sale.rounding)} />}
        <Total label={t(sale.kind === "return" ? "sale.refund" : "sale.due")} value={yuan(sale.due)} strong />
        {sale.tenders.map((tender) => (
          <Total key={tender.code} label={speech.name(tender)} value={fen(tender.amount)} />
        ))}
        {sale.value === null ? null : <Total label={t("sale.value")} value={t("sale.value_parts", { principal: fen(sale.value.principal), bonus: fen(sale.value.bonus) })} />}
        {sale.points === 0 ? null : <Total label={t("points")} value={sale.points.toString()} />}
      </dl>
      <p className="soft entry">{t("sale.entry", { stream: sale.entry.stream, seq: sale.entry.seq })}</p>
    </>
  );
}

function Total({ label, value, strong = false }: { label: string; value: string; strong?: boolean }) {
  return (
    <>
      <dt className={strong ? "strong" : ""}>{label}</dt>
      <dd className={`figure ${strong ? "strong" : ""}`}>{value}</dd>
    </>
  );
}
