import "@catena/web/theme.css";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { Broken } from "./Broken";
import { Cashier } from "./cashier/Cashier";
import "./cashier/cashier.css";
import "./cashier/bar.css";
import "./cashier/pay.css";
import "./cashier/sheets/sheets.css";
import "./cashier/sign-in.css";
import "./cashier/tiles.css";
import "./cashier/tablet.css";

const Customer = lazy(() => import("./customer/Customer"));
const Technician = lazy(() => import("./technician/Technician"));
const root = document.getElementById("root");
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <Broken>
        {location.pathname.startsWith("/technician") ? (
          <Suspense fallback={null}>
            <Technician />
          </Suspense>
        ) : location.pathname.startsWith("/customer") ? (
          <Suspense fallback={null}>
            <Customer />
          </Suspense>
        ) : (
          <Cashier />
        )}
      </Broken>
    </StrictMode>,
  );
