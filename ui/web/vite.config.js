import { defineConfig } from "vite";

// Fixed names: the pages name them, and the server tells browsers when they changed.
export default defineConfig({
  base: "/assets/built/",
  build: {
    outDir: "../assets/built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rolldownOptions: {
      input: {
        upload: "src/upload.js",
        ticket: "src/ticket.js",
        stage: "src/stage/stage.js",
        insights: "src/insights/insights.js",
        ear: "src/ear/ear.js",
        given: "src/given/given.js",
        faces: "src/faces/faces.js",
        walk: "src/walk/walk.js",
        "walk-worker": "src/walk/worker.js",
      },
      // The pages import `mount`.
      preserveEntrySignatures: "exports-only",
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
  worker: { format: "es", rolldownOptions: { output: { entryFileNames: "[name].js" } } },
});
