import { count } from "@catena/web/money.ts";
import { dayClock } from "@catena/web/when.ts";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button, Drawer, Popconfirm, Tag } from "antd";
import { exportAddress, useList, useRead, type Schemas } from "../../api";
import { number, opening, text, time } from "../../kit/columns";
import { Export } from "../../kit/Export";
import { Listing } from "../../kit/Listing";
import { PageHead } from "../../kit/Panel";
import { useCommand } from "../../kit/useCommand";
import { useWords } from "../../words";
import { Templates } from "./Templates";

type Batch = Schemas["MessageBatch"];
type Row = Schemas["MessageRow"];

/** What was sent to members and how it ended; the templates it is sent from. */
export default function Messages() {
  const { t } = useWords();
  const navigate = useNavigate();
  const id = useSearch({ strict: false }).id ?? null;
  const house = useRead("/api/message_house").data;
  const messages = useList("/api/messages");
  const rows = messages.data?.rows ?? [];
  const template = (code: string) => house?.templates.find((one) => one.code === code)?.name ?? code;
  const columns = [
    time<Batch>(t("time"), (row) => row.at_ms, { defaultSortOrder: "descend" }),
    opening<Batch>(t("message.template"), (row) => template(row.template), (row) => void navigate({ to: "/messages", search: { id: row.batch } })),
    text<Batch>(t("message.channel"), (row) => t(`message.channel.${row.channel === "sms" ? "sms" : "webhook"}`), { filter: rows }),
    text<Batch>(t("message.by"), (row) => row.by, { filter: rows }),
    number<Batch>(t("message.members"), (row) => row.members, count),
    number<Batch>(t("message.stands.sent"), (row) => row.sent, count),
    number<Batch>(t("message.stands.refused"), (row) => row.refused, count),
    number<Batch>(t("message.stands.dropped"), (row) => row.dropped, count),
    number<Batch>(t("message.open"), (row) => row.open, (open) => (open === 0 ? count(0) : <Tag color="warning">{count(open)}</Tag>)),
    number<Batch>(t("message.parts"), (row) => row.parts, count),
  ];
  return (
    <>
      <PageHead title={t("page.messages")}>
        <Export href={exportAddress("messages")} />
      </PageHead>
      {house === undefined || house.channels.length > 0 ? null : <Alert className="above" type="info" showIcon title={t("message.no_gateway")} />}
      <section className="panel">
        <Listing label={t("page.messages")} columns={columns} of={messages} rowKey={(row) => row.batch} empty={t("messages.none")} />
      </section>
      {house === undefined ? null : <Templates house={house} />}
      <Drawer open={id !== null} size={860} destroyOnHidden title={t("message.results")} onClose={() => void navigate({ to: "/messages", search: {} })}>
        {id === null ? null : <Results batch={id} about={rows.find((row) => row.batch === id)} />}
      </Drawer>
    </>
  );
}

const COLOURS = { sent: "success", refused: "error", dropped: "default", waiting: "default", sending: "processing", unknown: "warning", held: "warning" } as const;

/** Person by person. What nobody knows the end of is sent again only by a person. */
function Results({ batch, about }: { batch: string; about: Batch | undefined }) {
  const { t } = useWords();
  const people = useList("/api/messages/{batch}", { parts: { batch } });
  const again = useCommand("message_again", ["/api/messages", "/api/messages/{batch}"]);
  const rows = people.data?.rows ?? [];
  const columns = [
    text<Row>(t("member"), (row) => row.member?.name ?? ""),
    text<Row>(t("member.phone"), (row) => row.phone, { className: "figure" }),
    text<Row>(t("message.result"), (row) => t(`message.stands.${row.stands}`), {
      filter: rows,
      show: (row) => (
        <>
          <Tag color={COLOURS[row.stands]}>{t(`message.stands.${row.stands}`)}</Tag>
          {row.member !== null && (row.stands === "unknown" || row.stands === "held") ? (
            <Popconfirm title={t("message.again_ask", { name: row.member.name })} okText={t("message.again")} cancelText={t("cancel")} onConfirm={() => void again.say({ batch, member: row.member?.id ?? "" })}>
              <Button size="small">{t("message.again")}</Button>
            </Popconfirm>
          ) : null}
        </>
      ),
    }),
    time<Row>(t("time"), (row) => row.at_ms || null),
    number<Row>(t("message.parts"), (row) => row.parts || null, count),
    text<Row>(t("field.note"), (row) => row.note),
  ];
  return (
    <>
      {about === undefined ? null : (
        <>
          <p className="soft">{`${dayClock(about.at_ms)} ${about.by}`}</p>
          <blockquote className="message">{about.text}</blockquote>
        </>
      )}
      <Listing label={t("message.results")} columns={columns} of={people} rowKey={(row) => row.member?.id ?? row.note} />
    </>
  );
}
