import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    include: ["shared/web/test/**/*.test.{ts,tsx}", "edge/web/test/**/*.test.{ts,tsx}", "hub/web/test/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
