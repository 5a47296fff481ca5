import { UserAddOutlined } from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Space, Tag } from "antd";
import { exportAddress, useList, type Schemas } from "../api";
import { text, time } from "../kit/columns";
import { Export } from "../kit/Export";
import { Listing } from "../kit/Listing";
import { PageHead } from "../kit/Panel";
import { useWords } from "../words";

type Row = Schemas["Call"];

/** Who called which branch, newest first. */
export default function Calls() {
  const speech = useWords();
  const { t } = speech;
  const navigate = useNavigate();
  const calls = useList("/api/calls");
  const rows = calls.data?.rows ?? [];
  const columns = [
    time<Row>(t("time"), (row) => row.at_ms, { defaultSortOrder: "descend" }),
    text<Row>(t("branch"), (row) => speech.name(row.branch), { filter: rows }),
    text<Row>(t("call.number"), (row) => (row.hidden === null ? (row.number ?? "") : t(`call.${row.hidden}`)), { className: "figure" }),
    text<Row>(t("member"), (row) => row.members.map((member) => member.name).join(" "), {
      show: (row) =>
        row.members.length === 0 ? (
          <Space>
            <span className="soft">{t("call.unknown")}</span>
            {row.number === null || row.number.includes("*") ? null : (
              <Button icon={<UserAddOutlined />} onClick={() => void navigate({ to: "/members", search: { enrol: row.number ?? "" } })}>
                {t("call.enrol")}
              </Button>
            )}
          </Space>
        ) : (
          <Space>
            {row.members.map((member) => (
              <Link key={member.id} to="/members" search={{ id: member.id }}>
                {member.name} {member.level === null ? "" : speech.name(member.level)}
              </Link>
            ))}
            {row.members.length > 1 ? <Tag color="warning">{t("call.which")}</Tag> : null}
          </Space>
        ),
    }),
  ];
  return (
    <>
      <PageHead title={t("page.calls")}>
        <Export href={exportAddress("calls")} personal />
      </PageHead>
      <section className="panel">
        <Listing label={t("page.calls")} columns={columns} of={calls} rowKey={(row) => row.id} empty={t("calls.none")} />
      </section>
    </>
  );
}
