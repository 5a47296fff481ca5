import { antdTheme } from "@catena/web/theme.ts";
import { Refused } from "@catena/web/client.ts";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { App, ConfigProvider } from "antd";
import en from "antd/locale/en_US";
import zh from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { useEffect } from "react";
import { queries } from "./api";
import { Broken } from "./Broken";
import { router } from "./router";
import { useWords } from "./words";

// Whoever was signed out meanwhile sees the sign-in page, whatever the page was asking for.
queries.getQueryCache().subscribe((event) => {
  if (event.type !== "updated" || event.action.type !== "error") return;
  const failure: unknown = event.action.error;
  if (failure instanceof Refused && failure.code === "signed_out") void queries.invalidateQueries({ queryKey: ["/api/hub"] });
});

/** The dashboard of head office. */
export function Dashboard() {
  const { language } = useWords();
  useEffect(() => {
    dayjs.locale(language === "zh" ? "zh-cn" : "en");
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  return (
    <ConfigProvider theme={antdTheme} locale={language === "zh" ? zh : en} button={{ autoInsertSpace: false }}>
      <QueryClientProvider client={queries}>
        <App>
          <Broken>
            <RouterProvider router={router} />
          </Broken>
        </App>
      </QueryClientProvider>
    </ConfigProvider>
  );
}
