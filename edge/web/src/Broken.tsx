import { Key } from "@catena/web/kit/Key.tsx";
import { Component, type ReactNode } from "react";
import { useWords } from "./words";

/** A fault of the page itself: say so and offer to start it again. The bill is the edge's and is not touched. */
export class Broken extends Component<{ children: ReactNode }, { fault: string | null }> {
  override state = { fault: null };

  static getDerivedStateFromError(fault: unknown) {
    return { fault: String(fault) };
  }

  override render() {
    return this.state.fault === null ? this.props.children : <Sorry fault={this.state.fault} />;
  }
}

function Sorry({ fault }: { fault: string }) {
  const { t } = useWords();
  return (
    <main className="no-host" role="alert">
      <h1>{t("broken.title")}</h1>
      <p>{t("broken.text")}</p>
      <Key className="main" autoFocus onClick={() => location.reload()}>
        {t("broken.again")}
      </Key>
      <small className="soft">{fault}</small>
    </main>
  );
}
