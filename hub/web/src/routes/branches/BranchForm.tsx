import { Form, Input, InputNumber, Modal } from "antd";
import type { Schemas } from "../../api";
import { useCommand } from "../../kit/useCommand";
import { useHub } from "../../session";
import { useWords } from "../../words";

interface Typed {
  code: string;
  name: string;
  name_en?: string;
  address?: string;
  phone?: string;
  cutoff_hour: number;
  price_list?: string;
}

/** A branch's own data; `branch` null = a new one. */
export function BranchForm({ open, branch, onClose }: { open: boolean; branch: Schemas["Branch"] | null; onClose: () => void }) {
  const { t } = useWords();
  const zone = useHub()?.zone_minutes ?? 0;
  const write = useCommand("branch_write", ["/api/branches"]);
  const [form] = Form.useForm<Typed>();
  const save = async (typed: Typed) => {
    const answer = await write.say({
      branch: branch?.id ?? null,
      code: typed.code.trim(),
      name: typed.name.trim(),
      name_en: typed.name_en?.trim() || null,
      address: typed.address?.trim() ?? "",
      phone: typed.phone?.trim() ?? "",
      zone_minutes: branch?.zone_minutes ?? zone,
      cutoff_minutes: typed.cutoff_hour * 60,
      price_list: typed.price_list?.trim() || "main",
    });
    if (answer !== null) onClose();
  };
  return (
    <Modal open={open} title={t(branch === null ? "branch.add" : "branch.edit")} okText={t("save")} cancelText={t("cancel")} confirmLoading={write.busy} destroyOnHidden onCancel={onClose} onOk={() => form.submit()}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ ...branch, name_en: branch?.name_en ?? "", cutoff_hour: Math.floor((branch?.cutoff_minutes ?? 0) / 60), price_list: branch?.price_list ?? "main" }}
        onFinish={(typed) => void save(typed)}
      >
        <Form.Item name="code" label={t("field.code")} rules={[{ required: true, message: t("needed") }]}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name="name" label={t("field.name")} rules={[{ required: true, message: t("needed") }]}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="name_en" label={t("field.name_en")}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="phone" label={t("branch.phone")}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name="address" label={t("field.address")}>
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item name="cutoff_hour" label={t("branch.cutoff")}>
          <InputNumber min={0} max={12} precision={0} />
        </Form.Item>
        <Form.Item name="price_list" label={t("field.price_list")}>
          <Input maxLength={20} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
