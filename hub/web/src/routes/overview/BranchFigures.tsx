import { count } from "@catena/web/money.ts";
import type { Schemas } from "../../api";
import { changeBp, type Elapsed, percent, sumUntil } from "../../figures";
import { money, number, opening } from "../../kit/columns";
import { Save } from "../../kit/Export";
import { Listing } from "../../kit/Listing";
import { Panel } from "../../kit/Panel";
import { useWords } from "../../words";
import { useNavigate } from "@tanstack/react-router";

type Row = Schemas["Takings"]["branches"][number];

/** The day's figures of each branch, with how turnover stands to a week ago. */
export function BranchFigures(props: { takings: { data: Schemas["Takings"] | undefined; isPending: boolean; error: unknown; refetch: () => unknown }; before: Schemas["Takings"] | null; over: Elapsed; day: number }) {
  const speech = useWords();
  const { t } = speech;
  const navigate = useNavigate();
  const { takings, before, over, day } = props;
  const change = (row: Row) => {
    const past = before?.branches.find((one) => one.branch.id === row.branch.id)?.hours ?? [];
    return changeBp(sumUntil(row.hours, "turnover", over), sumUntil(past, "turnover", over));
  };
  const rows = takings.data?.branches ?? [];
  const columns = [
    opening<Row>(t("branch"), (row) => speech.name(row.branch), (row) => void navigate({ to: "/sales", search: { day, branch: row.branch.id } })),
    money<Row>(t("figure.turnover"), (row) => row.figures.turnover, { defaultSortOrder: "descend" }),
    number<Row>(t("week.short"), change, (bp) => <span className={bp > 0 ? "up" : bp < 0 ? "down" : ""}>{`${bp > 0 ? "↑" : bp < 0 ? "↓" : ""} ${percent(bp)}`}</span>),
    money<Row>(t("figure.received"), (row) => row.figures.received),
    money<Row>(t("figure.top_ups"), (row) => row.figures.top_ups),
    number<Row>(t("figure.bills"), (row) => row.figures.bills, count),
    number<Row>(t("figure.members"), (row) => row.figures.members, count),
  ];
  return (
    <Panel title={t("by_branch")} extra={<Save title={`${t("by_branch")} ${day}`} columns={columns} rows={rows} />}>
      <Listing label={t("by_branch")} columns={columns} of={{ ...takings, data: takings.data === undefined ? undefined : { rows } }} rowKey={(row) => row.branch.id} pageRows={10} />
    </Panel>
  );
}
