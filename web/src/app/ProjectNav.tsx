import {
  IconAdjustments,
  IconBox,
  IconPhoto,
  IconSchool,
  IconUsers,
  IconVectorBezier2,
  IconWand,
  type TablerIcon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, type LinkProps } from "@tanstack/react-router";
import { signInQuery } from "../api/queries";
import { shell } from "../strings/shell";
import css from "./main.module.css";

const PLACES = [
  { to: "/projects/$projectId/images", label: shell.nav.images, icon: IconPhoto },
  { to: "/projects/$projectId/annotate", label: shell.nav.annotate, icon: IconVectorBezier2 },
  { to: "/projects/$projectId/train", label: shell.nav.train, icon: IconSchool },
  { to: "/projects/$projectId/models", label: shell.nav.models, icon: IconBox },
  { to: "/projects/$projectId/predict", label: shell.nav.predict, icon: IconWand },
  { to: "/projects/$projectId/people", label: shell.nav.people, icon: IconUsers },
  { to: "/projects/$projectId/settings", label: shell.nav.settings, icon: IconAdjustments },
] as const satisfies readonly { to: LinkProps["to"]; label: string; icon: TablerIcon }[];

const WITHIN = ["videos", "dataset", "statistics"];

/** The rooms of a project: in the header, and at the bottom of narrow screens. Without accounts nobody shares. */
export function ProjectNav({ projectId }: { projectId: string }) {
  const accounts = useQuery(signInQuery).data?.accounts === true;
  // Videos, splits and statistics are parts of the library.
  const within = useLocation({
    select: ({ pathname }) => WITHIN.some((part) => pathname.startsWith(`/projects/${projectId}/${part}`)),
  });
  const places = PLACES.filter(({ to }) => accounts || to !== "/projects/$projectId/people");
  return (
    <nav className={css.nav} aria-label={shell.projectNav}>
      {places.map(({ to, label, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          params={{ projectId }}
          className={css.link}
          activeOptions={{ includeSearch: false }}
          {...(within && to === "/projects/$projectId/images" ? { "data-status": "active" } : {})}
        >
          <Icon size={18} stroke={1.5} aria-hidden />
          {label}
        </Link>
      ))}
    </nav>
  );
}
