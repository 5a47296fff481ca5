import { Alert, Button, Form, Input, QRCode, Typography } from "antd";
import { useState } from "react";
import { hub, queries, type Schemas } from "./api";
import { useWords } from "./words";
import { sentence } from "./words/refusal";

/** The second factor of whoever is signed in: set up with an authenticator, or taken away. */
export function SecondFactor({ on, onDone }: { on: boolean; onDone: () => void }) {
  const done = async () => {
    await queries.invalidateQueries({ queryKey: ["/api/hub"] });
    onDone();
  };
  return on ? <End onDone={done} /> : <SetUp onDone={done} />;
}

function useFailure() {
  const speech = useWords();
  const [failure, setFailure] = useState<unknown>(null);
  const shown = (
    <p className="wrong" role="alert">
      {failure === null ? "" : sentence(speech, failure)}
    </p>
  );
  return { shown, setFailure };
}

function SetUp({ onDone }: { onDone: () => Promise<void> }) {
  const { t } = useWords();
  const { shown, setFailure } = useFailure();
  const [begun, setBegun] = useState<Schemas["SecondBegun"] | null>(null);
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const begin = () => hub.post("/api/session/second/begin", {}).then(setBegun, setFailure);
  const prove = ({ code }: { code: string }) => hub.post("/api/session/second/prove", { code: code.trim() }).then((proven) => setRecovery(proven.recovery), setFailure);
  if (recovery !== null) {
    return (
      <>
        <Alert type="success" showIcon title={t("second.on")} description={t("second.recovery")} />
        <Typography.Paragraph copyable={{ text: recovery.join("\n") }} code className="recovery">
          {recovery.join("\n")}
        </Typography.Paragraph>
        <Button type="primary" onClick={() => void onDone()}>
          {t("second.kept")}
        </Button>
      </>
    );
  }
  if (begun === null) {
    return (
      <>
        <p>{t("second.what")}</p>
        {shown}
        <Button type="primary" onClick={() => void begin()}>
          {t("second.begin")}
        </Button>
      </>
    );
  }
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(said: { code: string }) => void prove(said)}>
      <p>{t("second.scan")}</p>
      <QRCode value={begun.address} size={200} aria-label={t("second.title")} />
      <Typography.Paragraph copyable code>
        {begun.secret}
      </Typography.Paragraph>
      <Form.Item name="code" label={t("second.code")} rules={[{ required: true, message: t("second.need_code") }]}>
        <Input autoFocus autoComplete="one-time-code" inputMode="numeric" maxLength={7} />
      </Form.Item>
      {shown}
      <Button type="primary" htmlType="submit">
        {t("second.prove")}
      </Button>
    </Form>
  );
}

function End({ onDone }: { onDone: () => Promise<void> }) {
  const { t } = useWords();
  const { shown, setFailure } = useFailure();
  const end = ({ password }: { password: string }) => hub.post("/api/session/second/end", { password }).then(onDone, setFailure);
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(said: { password: string }) => void end(said)}>
      <p>{t("second.is_on")}</p>
      <Form.Item name="password" label={t("sign_in.password")} rules={[{ required: true, message: t("sign_in.need_password") }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {shown}
      <Button danger htmlType="submit">
        {t("second.end")}
      </Button>
    </Form>
  );
}
