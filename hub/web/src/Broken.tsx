import { Button, Result } from "antd";
import { Component, type ReactNode } from "react";
import { useWords } from "./words";

/** A fault of the page itself: say so and offer to start it again. */
export class Broken extends Component<{ children: ReactNode }, { fault: string | null }> {
  override state = { fault: null };

  static getDerivedStateFromError(fault: unknown) {
    return { fault: String(fault) };
  }

  override render() {
    return this.state.fault === null ? this.props.children : <Sorry fault={this.state.fault} />;
  }
}

/** What a page that failed says. */
export function Sorry({ fault }: { fault: string }) {
  const { t } = useWords();
  return (
    <main>
      <Result
        status="warning"
        title={t("broken.title")}
        subTitle={fault}
        extra={
          <Button type="primary" onClick={() => location.reload()}>
            {t("broken.again")}
          </Button>
        }
      />
    </main>
  );
}
