import "antd/dist/reset.css";
import "@catena/web/theme.css";
import "./dashboard.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Dashboard } from "./Dashboard";

const root = document.getElementById("root");
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <Dashboard />
    </StrictMode>,
  );
