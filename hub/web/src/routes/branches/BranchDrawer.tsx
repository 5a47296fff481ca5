import { deviceName, what, whatToDo } from "@catena/web/devices.ts";
import { count } from "@catena/web/money.ts";
import { dayClock } from "@catena/web/when.ts";
import { Alert, App, Button, Descriptions, Drawer, Typography } from "antd";
import { useState } from "react";
import type { Schemas } from "../../api";
import { text, time } from "../../kit/columns";
import { Part } from "../../kit/Listing";
import { useCommand } from "../../kit/useCommand";
import { light } from "../../lights";
import { useMay, useNowMs } from "../../session";
import { useWords } from "../../words";
import { BranchForm } from "./BranchForm";
import { Install } from "./Install";
import { heardText, LightSign, linkText, unsentText } from "./signs";

type Device = Schemas["Device"];

/** One branch: link, machine, devices with what to do, and what HQ can do about it. */
export function BranchDrawer({ branch, onClose }: { branch: Schemas["Branch"] | null; onClose: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const may = useMay();
  const nowMs = useNowMs();
  const [editing, setEditing] = useState(false);
  return (
    <Drawer
      open={branch !== null}
      onClose={onClose}
      size={760}
      destroyOnHidden
      title={branch === null ? "" : `${branch.code} ${speech.name(branch)}`}
      extra={may("branches") ? <Button onClick={() => setEditing(true)}>{t("edit")}</Button> : null}
    >
      {branch === null ? null : (
        <>
          <p className="state big-state">
            <LightSign of={light(branch)} /> {linkText(speech, branch, nowMs)}
          </p>
          <Descriptions
            size="small"
            column={2}
            items={[
              { key: "seen", label: t("branch.seen"), children: heardText(speech, branch.seen_ms) },
              { key: "unsent", label: t("branch.unsent"), children: branch.unsent === null ? "—" : unsentText(speech, branch, branch.unsent) },
              { key: "release", label: t("branch.release"), children: branch.price_release === null ? "—" : `v${branch.price_release}` },
              { key: "shifts", label: t("branch.shifts"), children: branch.open_shifts ?? "—" },
              { key: "phone", label: t("branch.phone"), children: branch.phone || "—" },
              { key: "address", label: t("branch.address"), children: branch.address || "—" },
              { key: "heard", label: t("branch.heard"), children: count(branch.heard_seq) },
            ]}
          />
          <Devices branch={branch} />
          {may("branches") ? (
            <>
              <h3>{t("install.title")}</h3>
              <Install branch={branch} />
              <EnrolCode branch={branch} />
            </>
          ) : null}
          <BranchForm open={editing} branch={branch} onClose={() => setEditing(false)} />
        </>
      )}
    </Drawer>
  );
}

function Devices({ branch }: { branch: Schemas["Branch"] }) {
  const speech = useWords();
  const { t } = speech;
  const columns = [
    text<Device>(t("device.name"), (device) => deviceName(speech, device)),
    text<Device>(t("branch.state"), (device) => t(`state.${device.state}`), { show: (device) => <span className={device.state === "ok" || device.state === "off" ? "" : "bad-text"}>{t(`state.${device.state}`)}</span> }),
    text<Device>(t("device.what"), (device) => (device.what === null ? "" : what(speech, device.what))),
    text<Device>(t("device.todo"), (device) => (device.what === null || device.state === "ok" ? "" : whatToDo(speech, device))),
    time<Device>(t("device.since"), (device) => (device.since_ms === 0 ? null : device.since_ms)),
  ];
  return (
    <>
      <Part title={t("branch.devices")} columns={columns} rows={branch.devices} rowKey={(device) => device.id} pageRows={0} empty={t("device.none")} />
      {branch.devices_as_of_ms === null ? null : <p className="soft">{t("as_of", { at: dayClock(branch.devices_as_of_ms) })}</p>}
    </>
  );
}

/** A one-use code with which a machine joins; shown once. */
function EnrolCode({ branch }: { branch: Schemas["Branch"] }) {
  const { t } = useWords();
  const { modal } = App.useApp();
  const enrol = useCommand("enrol_code", ["/api/branches"]);
  const make = async () => {
    const made = await enrol.say({ branch: branch.id });
    if (made === null) return;
    void modal.success({
      title: t("enrol.title"),
      width: 560,
      content: (
        <>
          <Typography.Paragraph copyable code className="enrol-code">
            {made.code}
          </Typography.Paragraph>
          <p>{t("enrol.text", { until: dayClock(made.until_ms) })}</p>
          <code>{`edge enrol --data DIR --hub ${location.origin} --code ${made.code}`}</code>
        </>
      ),
      okText: t("close"),
    });
  };
  return (
    <div className="choice">
      <Alert type="info" showIcon title={t("enrol.what")} action={<Button loading={enrol.busy} onClick={() => void make()}>{t("enrol.do")}</Button>} />
    </div>
  );
}
