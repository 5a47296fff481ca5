import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { precompress } from "../../shared/web/build/precompress.ts";

export default defineConfig(async ({ command }) => ({
  root: import.meta.dirname,
  plugins: [react(), precompress(), ...(command === "serve" && process.env["FIXTURE"] ? [(await import("./test/fixture/plugin.ts")).fixture()] : [])],
  // ECharts is one chunk of its own, read only by the page that draws.
  build: { target: "chrome109", outDir: "dist", emptyOutDir: true, reportCompressedSize: false, chunkSizeWarningLimit: 1200 },
  server: { port: 5174, proxy: process.env["FIXTURE"] ? {} : { "/api": { target: process.env["HUB"] ?? "http://127.0.0.1:8080", changeOrigin: false } } },
}));
