import { readDay } from "@catena/web/when.ts";
import { Alert, Button, Form, Input, Modal, Select } from "antd";
import { useRead, type Schemas } from "../../api";
import { useCommand } from "../../kit/useCommand";
import { useMay } from "../../session";
import { useWords } from "../../words";
import { sentence } from "../../words/refusal";

interface Typed {
  name: string;
  phone?: string;
  birthday?: string;
  gender?: "f" | "m" | "other" | "";
  home?: string;
  cards?: string[];
  note?: string;
}

const birthday = (member: Schemas["Member"]) => (member.birthday === null || member.birth_year === null ? "" : `${member.birth_year}-${member.birthday}`);

/** A member's data; `member` null = a new one. `onClose` gets the id of who was enrolled. */
export function MemberForm({ open, member, phone = "", onClose }: { open: boolean; member: Schemas["Member"] | null; phone?: string; onClose: (made: string | null) => void }) {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const branches = useRead("/api/branches", { when: may("branches") || may("see_takings") || may("devices") });
  const edit = useCommand("member_edit", ["/api/members", "/api/members/{id}"], ["phone_taken"]);
  const [form] = Form.useForm<Typed>();
  const masked = member !== null && member.phone.includes("*");
  const save = async (although_taken: boolean) => {
    const typed = await form.validateFields().catch(() => null);
    if (typed === null) return;
    const answer = await edit.say({
      member: member?.id ?? null,
      name: typed.name.trim(),
      phone: masked ? null : (typed.phone?.trim() ?? ""),
      birthday: typed.birthday ? readDay(typed.birthday) : null,
      gender: typed.gender ? typed.gender : null,
      note: typed.note?.trim() ?? "",
      home: typed.home || null,
      cards: typed.cards ?? [],
      although_taken,
    });
    if (answer !== null) onClose(member === null ? answer.member.id : null);
  };
  const close = () => {
    edit.forget();
    onClose(null);
  };
  return (
    <Modal open={open} title={t(member === null ? "member.add" : "member.edit")} okText={t("save")} cancelText={t("cancel")} confirmLoading={edit.busy} destroyOnHidden onCancel={close} onOk={() => void save(false)}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={member === null ? { phone, cards: [], gender: "", home: "" } : { ...member, gender: member.gender ?? "", home: member.home?.id ?? "", birthday: birthday(member) }}
      >
        <Form.Item name="name" label={t("member.name")} rules={[{ required: true, message: t("needed") }]}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="phone" label={t("member.phone")} extra={masked ? t("member.masked") : undefined} rules={masked ? [] : [{ pattern: /^(\d{11})?$/, message: t("member.phone_form") }]}>
          <Input maxLength={20} inputMode="tel" disabled={masked} />
        </Form.Item>
        <Form.Item
          name="birthday"
          label={t("field.birthday")}
          rules={[{ validator: (_, typed: string | undefined) => (!typed || readDay(typed) !== null ? Promise.resolve() : Promise.reject(new Error(t("member.birthday_form")))) }]}
        >
          <Input placeholder="1990-11-21" maxLength={10} />
        </Form.Item>
        <Form.Item name="gender" label={t("member.gender")}>
          <Select options={[{ value: "", label: "—" }, ...(["f", "m", "other"] as const).map((value) => ({ value, label: t(`gender.${value}`) }))]} />
        </Form.Item>
        <Form.Item name="home" label={t("member.home")}>
          <Select options={[{ value: "", label: "—" }, ...(branches.data?.rows ?? []).map((branch) => ({ value: branch.id, label: speech.name(branch) }))]} />
        </Form.Item>
        <Form.Item name="cards" label={t("member.cards")}>
          <Select mode="tags" tokenSeparators={[" ", ","]} open={false} suffixIcon={null} placeholder={t("member.cards_hint")} />
        </Form.Item>
        <Form.Item name="note" label={t("field.note")}>
          <Input.TextArea maxLength={200} autoSize />
        </Form.Item>
      </Form>
      {edit.refused === null ? null : (
        <Alert
          type="warning"
          showIcon
          title={sentence(speech, edit.refused)}
          action={
            <Button danger onClick={() => void save(true)}>
              {t("member.although")}
            </Button>
          }
        />
      )}
    </Modal>
  );
}
