// The one way from a page to its server. A refusal (the rule said no) is an answer, not an exception of the network:
// `Refused` carries its code and numbers; `Unreachable` says that no answer came. A command keeps its id over retries,
// so that a torn answer never makes two sales.
import type { Answer, Body, CommandAnswer, CommandBody, CommandName, Parts, Postable, Query, Read, Readable } from "./api/paths";

/** A value in the arguments of a refusal. */
export type Arg = string | number | boolean | null | readonly unknown[] | { readonly [key: string]: unknown };

/** The rule said no: why, and the numbers to show. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(
    readonly status: number,
    readonly code: string,
    readonly args: { readonly [key: string]: Arg | undefined },
  ) {
    super(code);
  }
}

/** No answer came: cable, process or machine. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** How long one try may take. */
const TRY_MS = 4_000;
/** How long a file may take on its way. */
const FILE_MS = 120_000;
/** Pauses before a command is tried again under the same id. */
const RETRY_AFTER_MS = [150, 600];

/** A fresh command id: 48 bits of UTC milliseconds and 80 random bits, in hex. */
export function commandId(nowMs: number = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  return nowMs.toString(16).padStart(12, "0") + Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

type Fetch = (input: string, init: RequestInit) => Promise<Response>;

async function once(fetcher: Fetch, address: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetcher(address, { credentials: "same-origin", signal: AbortSignal.timeout(TRY_MS), ...init });
    text = await response.text();
  } catch (cause) {
    throw new Unreachable("no answer", { cause });
  }
  let body: unknown;
  try {
    body = text === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new Unreachable("not an answer of ours", { cause });
  }
  if (response.ok) return body;
  const refusal = body as { code?: unknown; args?: unknown };
  if (typeof refusal.code !== "string") throw new Unreachable(`status ${response.status}`);
  throw new Refused(response.status, refusal.code, (refusal.args ?? {}) as Refused["args"]);
}

function address(path: string, parts: unknown, query: unknown): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String((parts as Record<string, unknown>)[name])));
  const asked = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return asked.length === 0 ? filled : `${filled}?${new URLSearchParams(asked.map(([name, value]) => [name, String(value)]))}`;
}

/** What a page can ask of its server, typed by the server's own OpenAPI. */
export interface Client<P> {
  read<K extends Readable<P>>(path: K, of?: { parts?: Parts<P, K>; query?: Query<P, K> }): Promise<Read<P, K>>;
  post<K extends Postable<P>>(path: K, ...body: Body<P, K> extends undefined ? [] : [Body<P, K>]): Promise<Answer<P, K>>;
  command<N extends CommandName<P>>(name: N, body: CommandBody<P, N>): Promise<CommandAnswer<P, N>>;
  /** Sends a CSV file as it is. */
  upload(path: string, file: Blob): Promise<unknown>;
}

/** A client of the server that this page came from. */
export function createClient<P>(fetcher: Fetch = (input, init) => fetch(input, init)): Client<P> {
  const post = (path: string, body?: unknown) =>
    once(fetcher, path, { method: "POST", headers: { "content-type": "application/json", "x-catena": "1" }, body: JSON.stringify(body ?? {}) });
  async function command(name: string, body: object): Promise<unknown> {
    const said = { id: commandId(), ...body };
    for (const pause of RETRY_AFTER_MS) {
      try {
        return await post(`/api/commands/${name}`, said);
      } catch (failure) {
        if (!(failure instanceof Unreachable)) throw failure;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
    return post(`/api/commands/${name}`, said);
  }
  return {
    read: (path, of) => once(fetcher, address(path, of?.parts, of?.query), { method: "GET" }),
    post,
    command,
    upload: (path, file) =>
      once(fetcher, path, { method: "POST", headers: { "content-type": "text/csv", "x-catena": "1" }, body: file, signal: AbortSignal.timeout(FILE_MS) }),
  } as Client<P>;
}
