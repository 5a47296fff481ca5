import type { Speech } from "@catena/web/i18n.ts";
import type { Schemas } from "../../api";
import { type Column, money, opening, text, time } from "../../kit/columns";
import type { Word } from "../../words";

type Row = Schemas["SaleRow"];

/** Columns of a list of sales; `whose`: with the member, where the list is not one member's own. */
export function saleColumns(speech: Speech<Word>, rows: readonly Row[], open: (id: string) => void, whose: boolean): Column<Row>[] {
  const { t } = speech;
  return [
    time<Row>(t("time"), (row) => row.at_ms, { defaultSortOrder: "descend" }),
    opening<Row>(t("sale.no"), (row) => row.receipt_no, (row) => open(row.id)),
    text<Row>(t("sale.kind"), (row) => t(`kind.${row.kind}`), { filter: rows, show: (row) => <span className={`kind ${row.kind}`}>{row.returned ? t("kind.taken_back") : t(`kind.${row.kind}`)}</span> }),
    text<Row>(t("branch"), (row) => speech.name(row.branch), { filter: rows }),
    text<Row>(t("sale.cashier"), (row) => row.cashier?.name ?? "", { filter: rows }),
    ...(whose ? [text<Row>(t("member"), (row) => row.member?.name ?? t("walk_in"))] : []),
    text<Row>(t("sale.tenders"), (row) => row.tenders.map((tender) => speech.name(tender)).join(" + "), { filter: rows }),
    money<Row>(t("sale.amount"), (row) => (row.kind === "return" ? -Math.abs(row.due) : row.due)),
  ];
}
