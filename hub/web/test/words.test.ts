import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSpeech } from "@catena/web/i18n.ts";
import { Refused, Unreachable } from "@catena/web/client.ts";
import { renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { type Word, words } from "../src/words";
import { sentence } from "../src/words/refusal";

const places = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]))].sort().join();
const tables = Object.entries(words.zh) as [Word, string][];

describe("words", () => {
  it("are complete in both languages", () => {
    expect(Object.keys(words.en).sort()).toEqual(Object.keys(words.zh).sort());
    expect(tables.length).toBeGreaterThan(400);
  });
  it("fill in the same things in both languages", () => expect(tables.filter(([key, text]) => places(text) !== places(words.en[key])).map(([key]) => key)).toEqual([]));
  it("are English in English", () => expect(tables.map(([key]) => words.en[key]).filter((text) => /[\u3000-\u9fff\uff00-\uffef]/.test(text))).toEqual([]));
  it("use the words of the trade", () => {
    const banned = /购物车|会话|分支|离线异常|边缘节点|差异金额|游客|订单数|刷卡支付|销售额/;
    expect(tables.map(([, text]) => text).filter((text) => banned.test(text))).toEqual([]);
  });
  it("stand nowhere but in their tables", () => {
    const folder = join(import.meta.dirname, "../src");
    const loose = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("words"))
      .filter((file) => /[\u3400-\u9fff]/.test(readFileSync(join(folder, file), "utf8").replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "")));
    expect(loose).toEqual([]);
  });
});

describe("refusals", () => {
  const speech = renderHook(createSpeech<Word>(words)).result.current;
  it.each([
    ["wrong_password", { left: 4 }, "工号或密码不对，还可试 4 次。"],
    ["forbidden", { right: "prices" }, "你没有“改价”的权限。请有权限的同事来做。"],
    ["not_sound", { field: "from", why: "past" }, "生效日：这一天已经过去。"],
    ["phone_taken", { members: ["mem_1", "mem_2"] }, "这个手机号已登记在 2 位会员名下。"],
    ["file_refused", { file: "a.csv", column: "pirce", why: "unknown_column" }, "文件第一行有不认识的列“pirce”。请对照模板改列名。"],
    ["something_new", {}, "服务器拒绝了这一步（something_new）。请再试一次；还不行请把这个代码告诉技术员。"],
  ])("%s", (code, args, text) => expect(sentence(speech, new Refused(422, code, args))).toBe(text));
  it("tell silence from a no", () => expect(sentence(speech, new Unreachable("no answer"))).toContain("没有应答"));
});
