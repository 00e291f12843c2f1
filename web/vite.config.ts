import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// During development the API comes from a server started with `boxwright serve`; its address can be overridden.
const server = process.env["BOXWRIGHT_DEV_SERVER"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/boxwright/static",
    emptyOutDir: true,
    target: "es2022",
    // ECharts and Mantine are large on their own; the limit warns about growth of our code, not about them.
    chunkSizeWarningLimit: 1200,
  },
  // The Host of the page stays: the server refuses a foreign one.
  server: { proxy: { "/api": { target: server, changeOrigin: false } } },
  test: {
    environment: "node",
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    restoreMocks: true,
    // Against tests that hang, not slow machines; `make soak` tries 20,000 scenes a property.
    testTimeout: process.env["PROPERTY_RUNS"] ? 1_800_000 : 30_000,
    setupFiles: ["src/properties.setup.ts"],
  },
});
