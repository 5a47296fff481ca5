import { App, Button, Form, Input } from "antd";
import { Refused } from "@catena/web/client.ts";
import { useState } from "react";
import { hub, queries, type Schemas } from "./api";
import { Language } from "./Language";
import { useWords } from "./words";
import { sentence } from "./words/refusal";

/** Shows what the hub said about the session. */
function show(now: Schemas["Hub"]): void {
  queries.setQueryData(["/api/hub", null, null], now);
}

/** Ends the session of this browser; nothing that was read stays in it. */
export async function signOut(): Promise<void> {
  const now = await hub.post("/api/session/sign_out", {});
  // The frame goes on watching what the hub says; only the rest is forgotten.
  show(now);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "/api/hub" });
}

/** Staff code and password; then a code of the authenticator, where one is asked for. */
export function SignIn({ chain }: { chain: string }) {
  const speech = useWords();
  const { t } = speech;
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [asksSecond, setAsksSecond] = useState(false);
  const signIn = async (said: { code: string; password: string; second?: string }) => {
    setBusy(true);
    setFailure(null);
    try {
      show(await hub.post("/api/session/sign_in", { code: said.code.trim(), password: said.password, second: said.second ?? "" }));
    } catch (refused) {
      if (refused instanceof Refused && refused.code === "needs_second") setAsksSecond(true);
      setFailure(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <section className="panel" aria-labelledby="sign-in-title">
        <header>
          <span className="soft">{chain}</span>
          <Language />
        </header>
        <h1 id="sign-in-title">{t("sign_in.title")}</h1>
        <Form layout="vertical" requiredMark={false} onFinish={(said: { code: string; password: string; second?: string }) => void signIn(said)}>
          <Form.Item name="code" label={t("sign_in.code")} rules={[{ required: true, message: t("sign_in.need_code") }]}>
            <Input autoFocus autoComplete="username" size="large" maxLength={20} />
          </Form.Item>
          <Form.Item name="password" label={t("sign_in.password")} rules={[{ required: true, message: t("sign_in.need_password") }]}>
            <Input.Password autoComplete="current-password" size="large" maxLength={200} />
          </Form.Item>
          {asksSecond ? (
            <Form.Item name="second" label={t("second.code")} extra={t("second.code_or")}>
              <Input autoFocus autoComplete="one-time-code" size="large" maxLength={24} />
            </Form.Item>
          ) : null}
          <p className="wrong" role="alert">
            {failure === null ? "" : sentence(speech, failure)}
          </p>
          <Button type="primary" htmlType="submit" size="large" block loading={busy}>
            {t("sign_in.do")}
          </Button>
        </Form>
      </section>
    </main>
  );
}

/** A new password for the person who is signed in. */
export function PasswordForm({ onDone }: { onDone: () => void }) {
  const speech = useWords();
  const { t } = speech;
  const { message } = App.useApp();
  const [failure, setFailure] = useState<unknown>(null);
  const change = async (said: { old: string; new: string }) => {
    try {
      await hub.post("/api/session/password", { old: said.old, new: said.new });
      void message.success(t("password.saved"));
      onDone();
    } catch (refused) {
      setFailure(refused);
    }
  };
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(said: { old: string; new: string }) => void change(said)}>
      <Form.Item name="old" label={t("password.old")} rules={[{ required: true, message: t("sign_in.need_password") }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Form.Item name="new" label={t("password.new")} rules={[{ required: true, min: 10, message: t("password.least") }]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <p className="wrong" role="alert">
        {failure === null ? "" : sentence(speech, failure)}
      </p>
      <Button type="primary" htmlType="submit">
        {t("save")}
      </Button>
    </Form>
  );
}
