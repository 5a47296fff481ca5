import { Alert, App, Button, Form, Modal, Radio, Select, Space } from "antd";
import { useState } from "react";
import { useRead, type Schemas } from "../../api";
import { useCommand } from "../../kit/useCommand";
import { useWords } from "../../words";

type Row = Pick<Schemas["MemberRow"], "id" | "name" | "phone" | "cards">;

const STALE = ["/api/members", "/api/members/{id}", "/api/members/{id}/history", "/api/claims"];

const called = (row: Row) => [row.name, row.phone, ...row.cards].filter(Boolean).join(" ");

/** Members who may be one person: who of them stays. With one of them only, the other is found by text. */
export function Merge({ members, primary = false }: { members: readonly Row[]; primary?: boolean }) {
  const { t } = useWords();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState<Row | null>(null);
  const all = found === null ? members : [...members, found];
  const [keep, setKeep] = useState<string | null>(null);
  const survivor = keep ?? all[0]?.id ?? "";
  const merge = useCommand("merge_members", STALE);
  const save = async () => {
    const others = all.map((row) => row.id).filter((id) => id !== survivor);
    if ((await merge.say({ survivor, members: others })) === null) return;
    setOpen(false);
    void message.success(t("merge.done"));
  };
  return (
    <>
      <Button type={primary ? "primary" : "default"} onClick={() => setOpen(true)}>
        {t("merge.do")}
      </Button>
      <Modal open={open} title={t("merge.ask")} okText={t("merge.do")} okButtonProps={{ disabled: all.length < 2 }} cancelText={t("cancel")} confirmLoading={merge.busy} onOk={() => void save()} onCancel={() => setOpen(false)} destroyOnHidden>
        <p>{t("merge.means")}</p>
        <Form layout="vertical">
          {members.length > 1 ? null : (
            <Form.Item label={t("merge.with")}>
              <Find not={members[0]?.id ?? ""} onFound={setFound} />
            </Form.Item>
          )}
          <Form.Item label={t("merge.keep")}>
            <Radio.Group value={survivor} onChange={(event) => setKeep(String(event.target.value))}>
              <Space orientation="vertical">
                {all.map((row) => (
                  <Radio key={row.id} value={row.id}>
                    {called(row)}
                  </Radio>
                ))}
              </Space>
            </Radio.Group>
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}

function Find({ not, onFound }: { not: string; onFound: (row: Row | null) => void }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const hits = useRead("/api/members", { query: { text, limit: 20 }, when: text.trim() !== "" });
  const rows = (text.trim() === "" ? [] : (hits.data?.rows ?? [])).filter((row) => row.id !== not);
  return (
    <Select
      aria-label={t("merge.with")}
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={t("merge.find")}
      notFoundContent={t("merge.more")}
      onChange={(id: string) => onFound(rows.find((row) => row.id === id) ?? null)}
      options={rows.map((row) => ({ value: row.id, label: called(row) }))}
    />
  );
}

/** Who is one person with this member; taking one out again. */
export function SamePerson({ member }: { member: Schemas["Member"] }) {
  const { t } = useWords();
  const { modal, message } = App.useApp();
  const unmerge = useCommand("unmerge_member", STALE);
  const ask = async (row: { id: string; name: string }) => {
    const agreed = await modal.confirm({ title: t("unmerge.ask", { name: row.name }), content: t("unmerge.means"), okText: t("unmerge.do"), cancelText: t("cancel") });
    if (agreed && (await unmerge.say({ member: row.id })) !== null) void message.success(t("unmerge.done"));
  };
  const out = (row: { id: string; name: string }) => (
    <Button loading={unmerge.busy} onClick={() => void ask(row)}>
      {t("unmerge.do")}
    </Button>
  );
  if (member.survivor !== null) return <Alert type="info" showIcon title={t("merged.into", { name: member.survivor.name })} action={out(member)} />;
  if (member.merged.length === 0) return null;
  return (
    <section aria-label={t("merged.with")}>
      <h3>{t("merged.with")}</h3>
      <ul className="cards">
        {member.merged.map((row) => (
          <li key={row.id}>
            <span>{called(row)}</span>
            {out(row)}
          </li>
        ))}
      </ul>
    </section>
  );
}
