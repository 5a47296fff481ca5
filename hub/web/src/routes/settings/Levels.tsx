import { count, discount, fen } from "@catena/web/money.ts";
import { exportAddress, useRead, type Schemas } from "../../api";
import { money, number, text } from "../../kit/columns";
import { Export } from "../../kit/Export";
import { Listing } from "../../kit/Listing";
import { Panel } from "../../kit/Panel";
import { useWords } from "../../words";

type Level = Schemas["Level"];

/** The members' levels, lowest first; they come in by import. */
export function Levels() {
  const speech = useWords();
  const { t } = speech;
  const levels = useRead("/api/levels");
  const columns = [
    number<Level>(t("level.rank"), (row) => row.rank, count, { defaultSortOrder: "ascend" }),
    text<Level>(t("member.level"), (row) => speech.name(row)),
    text<Level>(t("level.rate"), (row) => discount(row.rate, speech.language) ?? "—"),
    number<Level>(t("level.points"), (row) => row.points_factor, (factor) => `× ${factor / 10_000}`),
    number<Level>(t("level.purchases"), (row) => row.purchases, (n) => (n === 0 ? "—" : String(n))),
    money<Level>(t("level.threshold"), (row) => row.threshold, { render: (_, row) => fen(row.threshold) }),
  ];
  return (
    <Panel title={t("level.title")} extra={<Export href={exportAddress("levels")} />}>
      <Listing label={t("level.title")} columns={columns} of={levels} rowKey={(row) => row.code} pageRows={10} />
    </Panel>
  );
}
