import { day as dayText } from "@catena/web/when.ts";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, DatePicker, Select } from "antd";
import dayjs from "dayjs";
import { exportAddress, useList, useRead } from "../api";
import { Export } from "../kit/Export";
import { Listing } from "../kit/Listing";
import { PageHead } from "../kit/Panel";
import { useHub } from "../session";
import { useWords } from "../words";
import { SaleDrawer } from "./sale/SaleDrawer";
import { saleColumns } from "./sale/columns";

/** Every sale, return and top-up of a day. */
export default function Sales() {
  const speech = useWords();
  const { t } = speech;
  const hub = useHub();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const day = search.day ?? hub?.day;
  const query = { ...(day === undefined ? {} : { day }), ...(search.branch === undefined ? {} : { branch: search.branch }) };
  const sales = useList("/api/sales", { query, when: day !== undefined });
  const branches = useRead("/api/branches");
  const show = (change: { day?: number; branch?: string; id?: string }) => void navigate({ to: "/sales", search: change });
  const keep = { ...(search.day === undefined ? {} : { day: search.day }), ...(search.branch === undefined ? {} : { branch: search.branch }) };
  const rows = sales.data?.rows ?? [];
  const columns = saleColumns(speech, rows, (id) => show({ ...keep, id }), true);
  return (
    <>
      <PageHead title={t("page.sales")}>
        <DatePicker
          aria-label={t("day.pick")}
          allowClear={false}
          value={day === undefined ? null : dayjs(dayText(day), "YYYY-MM-DD")}
          {...(hub === null ? {} : { maxDate: dayjs(dayText(hub.day), "YYYY-MM-DD") })}
          onChange={(to) => show({ ...keep, ...(to === null ? {} : { day: Number(to.format("YYYYMMDD")) }) })}
        />
        <Select
          aria-label={t("branch")}
          value={search.branch ?? ""}
          onChange={(branch) => show({ ...(search.day === undefined ? {} : { day: search.day }), ...(branch === "" ? {} : { branch }) })}
          options={[{ value: "", label: t("all_branches") }, ...(branches.data?.rows ?? []).map((branch) => ({ value: branch.id, label: speech.name(branch) }))]}
          popupMatchSelectWidth={false}
        />
        {search.day === undefined && search.branch === undefined ? null : <Button onClick={() => show({})}>{t("day.today")}</Button>}
        <Export href={exportAddress("sales", query)} />
      </PageHead>
      <section className="panel">
        <Listing label={t("page.sales")} columns={columns} of={sales} rowKey={(row) => row.id} empty={t("sales.none")} />
      </section>
      <SaleDrawer id={search.id ?? null} onClose={() => show(keep)} />
    </>
  );
}

