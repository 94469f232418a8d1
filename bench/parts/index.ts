// All parts, in the order in which they run.
import type { Figure } from "../figure.ts";
import type { Workbench } from "../workbench.ts";
import { expressConnect, vpn } from "./lifecycles.ts";
import { page } from "./pages.ts";
import { policies } from "./policies.ts";
import { cheapest, get } from "./reads.ts";
import { memory, restart, start } from "./starts.ts";
import { durable } from "./writes.ts";

export const parts: Readonly<Record<string, (bench: Workbench) => Promise<Figure[]>>> = {
  start,
  cheapest,
  get,
  policies,
  durable,
  vpn,
  "express-connect": expressConnect,
  restart,
  page,
  memory,
};
