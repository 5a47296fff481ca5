import { Refused } from "@catena/web/client.ts";
import { App } from "antd";
import { useState } from "react";
import { type CommandAnswer, type CommandBody, type CommandName, hub, type paths, queries } from "../api";
import { useWords } from "../words";
import { sentence } from "../words/refusal";

type Said<N extends CommandName<paths>> = (body: CommandBody<paths, N>) => Promise<CommandAnswer<paths, N> | null>;

/** Says commands: null where the rule said no, which the person is told; `stale` is read again when it said yes. */
export function useCommand<N extends CommandName<paths>>(name: N, stale: readonly string[] = [], own: readonly string[] = []): { say: Said<N>; busy: boolean; refused: Refused | null; forget: () => void } {
  const speech = useWords();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const say: Said<N> = async (body) => {
    setBusy(true);
    setRefused(null);
    try {
      const answer = await hub.command(name, body);
      for (const path of stale) void queries.invalidateQueries({ queryKey: [path] });
      return answer;
    } catch (failure) {
      // What the caller answers itself (a confirmation, a choice) is not an error to the person.
      if (failure instanceof Refused && own.includes(failure.code)) setRefused(failure);
      else void message.error(sentence(speech, failure), 6);
      if (failure instanceof Refused && (failure.code === "not_found" || failure.code === "conflict_gone")) void queries.invalidateQueries();
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { say, busy, refused, forget: () => setRefused(null) };
}

