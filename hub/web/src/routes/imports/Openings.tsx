import { count } from "@catena/web/money.ts";
import { App, Button } from "antd";
import { useRead, type Schemas } from "../../api";
import { money, number, time } from "../../kit/columns";
import { Save } from "../../kit/Export";
import { Listing } from "../../kit/Listing";
import { Panel } from "../../kit/Panel";
import { useCommand } from "../../kit/useCommand";
import { useWords } from "../../words";

type Row = Schemas["OpeningFile"];

/** The files that brought opening balances; taking one back. */
export function Openings() {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const files = useRead("/api/openings");
  const undo = useCommand("undo_import", ["/api/openings", "/api/members", "/api/members/{id}", "/api/exceptions"]);
  const ask = async (row: Row) => {
    const agreed = await modal.confirm({ title: t("openings.undo_ask"), content: t("openings.what"), okText: t("openings.undo"), okButtonProps: { danger: true }, cancelText: t("cancel") });
    if (!agreed) return;
    let file: Row | undefined = row;
    do {
      file = (await undo.say({ batch: row.batch }))?.file;
    } while (file !== undefined && file.reversed < file.openings);
    if (file !== undefined) void message.success(t("openings.undone", { n: file.reversed }));
  };
  const columns = [
    time<Row>(t("import.started"), (row) => row.at_ms, { defaultSortOrder: "descend" }),
    number<Row>(t("openings.members"), (row) => row.openings, count),
    money<Row>(t("member.principal"), (row) => row.value),
    money<Row>(t("member.bonus"), (row) => row.bonus),
    number<Row>(t("points"), (row) => row.points, count),
    number<Row>(t("uses"), (row) => row.uses, count),
    number<Row>(t("openings.reversed"), (row) => row.reversed, count),
    {
      title: t("openings.undo"),
      key: "undo",
      render: (_: unknown, row: Row) =>
        row.reversed >= row.openings ? null : (
          <Button danger loading={undo.busy} onClick={() => void ask(row)}>
            {t("openings.undo")}
          </Button>
        ),
    },
  ];
  return (
    <Panel title={t("openings.title")} extra={<Save title={t("openings.title")} columns={columns} rows={files.data?.rows ?? []} />}>
      <p className="soft">{t("openings.what")}</p>
      <Listing label={t("openings.title")} columns={columns} of={files} rowKey={(row) => row.batch} empty={t("openings.none")} />
    </Panel>
  );
}
