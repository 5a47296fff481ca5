import { SendOutlined } from "@ant-design/icons";
import { count } from "@catena/web/money.ts";
import { useNavigate } from "@tanstack/react-router";
import { Alert, Button, Descriptions, Modal, Select, Spin } from "antd";
import { useState } from "react";
import { useRead } from "../../api";
import { Failure } from "../../kit/Failure";
import { useCommand } from "../../kit/useCommand";
import { useWords } from "../../words";

const LEFT = ["without_phone", "unwilling", "often", "same_phone"] as const;

/** Writes to those whom the filter means: what it comes to is shown before it is sent. */
export function Send({ filter }: { filter: string }) {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<SendOutlined />} onClick={() => setOpen(true)}>
        {t("message.send")}
      </Button>
      {open ? <Sending filter={filter} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Sending({ filter, onClose }: { filter: string; onClose: () => void }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const house = useRead("/api/message_house");
  const [chosen, setChosen] = useState<string | null>(null);
  const [by, setBy] = useState<"sms" | "webhook">("sms");
  const templates = house.data?.templates ?? [];
  const template = chosen ?? templates[0]?.code ?? "";
  const sending = useRead("/api/sending", { query: { channel: by, template, filter }, when: template !== "" });
  const what = sending.data;
  const send = useCommand("message_send", ["/api/messages"]);
  const save = async () => {
    const made = await send.say({ channel: by, template, filter });
    if (made !== null) void navigate({ to: "/messages", search: { id: made.batch.batch } });
  };
  return (
    <Modal open title={t("message.send")} okText={t("message.send_to", { n: count(what?.to ?? 0) })} okButtonProps={{ disabled: what === undefined || what.to === 0 }} cancelText={t("cancel")} confirmLoading={send.busy} onOk={() => void save()} onCancel={onClose}>
      <Failure of={house} />
      {house.data?.channels.includes(by) === false ? <Alert className="above" type="info" showIcon title={t("message.no_gateway")} /> : null}
      <div className="filter">
        <Select aria-label={t("message.channel")} value={by} options={(["sms", "webhook"] as const).map((value) => ({ value, label: t(`message.channel.${value}`) }))} onChange={setBy} />
        <Select aria-label={t("message.template")} placeholder={t("templates.none")} value={template === "" ? null : template} options={templates.map((one) => ({ value: one.code, label: one.name }))} onChange={setChosen} />
      </div>
      <Failure of={sending} />
      {template !== "" && what === undefined && sending.error === null ? <Spin /> : null}
      {what === undefined ? null : (
        <>
          {what.sample === "" ? null : <blockquote className="message">{what.sample}</blockquote>}
          <Descriptions
            size="small"
            column={2}
            items={[
              { key: "meant", label: t("message.meant"), children: count(what.meant) },
              { key: "to", label: t("message.to"), children: count(what.to) },
              ...LEFT.filter((left) => what[left] > 0).map((left) => ({ key: left, label: t(`message.left.${left}`), children: count(what[left]) })),
              ...(by === "sms" ? [{ key: "parts", label: t("message.parts"), children: count(what.parts) }, { key: "cost", label: t("message.cost"), children: `¥${(what.cost_milli / 1_000).toFixed(2)}` }] : []),
            ]}
          />
        </>
      )}
    </Modal>
  );
}
