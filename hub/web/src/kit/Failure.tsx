import { Alert, Button } from "antd";
import { useWords } from "../words";
import { sentence } from "../words/refusal";

/** What could not be read, in words, with the way to try again; nothing while all is well. */
export function Failure({ of }: { of: { error: unknown; refetch: () => unknown } }) {
  const speech = useWords();
  if (of.error === null) return null;
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={sentence(speech, of.error)}
      action={
        <Button size="middle" onClick={() => void of.refetch()}>
          {speech.t("again")}
        </Button>
      }
    />
  );
}
