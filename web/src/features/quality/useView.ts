import { getRouteApi } from "@tanstack/react-router";
import type { QualityView } from "./view";

const route = getRouteApi("/projects/$projectId/models/$modelId");

/** The view in the address, and how to change it: the page stays where it is, and then does what `then` says. */
export function useView() {
  const view = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: QualityView, then?: () => void) =>
    void navigate({ search: next, replace: true, resetScroll: false }).then(then);
  return { view, set };
}
