import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { precompress } from "../../shared/web/build/precompress.ts";

export default defineConfig(async ({ command, isPreview }) => ({
  root: import.meta.dirname,
  plugins: [react(), precompress(), ...((command === "serve" || isPreview) && process.env["FIXTURE"] ? [(await import("./test/fixture/plugin.ts")).fixture()] : [])],
  build: { target: "chrome109", outDir: "dist", emptyOutDir: true, reportCompressedSize: false },
  server: { port: 5173, proxy: process.env["FIXTURE"] ? {} : { "/api": { target: process.env["EDGE"] ?? "http://127.0.0.1:8081", changeOrigin: false } } },
}));
