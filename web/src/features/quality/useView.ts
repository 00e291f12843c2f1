import { getRouteApi } from "@tanstack/react-router";
import type { QualityView } from "./view";

const route = getRouteApi("/projects/$projectId/models/$modelId");

/** The view in the address, and how to change it: the page stays where it is, or goes where `then` says. */
export function useView() {
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: QualityView, then?: () => void) => {
    const main = document.getElementById("main");
    const top = main?.scrollTop ?? 0;
    const settle = then ?? (() => main?.scrollTo({ top }));
    // The router scrolls to the top once the new address is drawn.
    void navigate({ search: next, replace: true }).then(() =>
      requestAnimationFrame(() => requestAnimationFrame(settle)),
    );
  };
  return { view, set };
}
