import { AspectRatio } from "@mantine/core";
import { useState } from "react";
import { urls } from "../../api/queries";
import type { Project } from "../../api/types";

/** The chosen picture of a project, or a drawing made from its name so that two projects never look alike. */
export function Cover({ project }: { project: Project }) {
  const [broken, setBroken] = useState<string | null>(null);
  const cover = project.cover_image_id;
  return (
    <AspectRatio ratio={16 / 9}>
      {cover !== null && broken !== cover ? (
        <img src={urls.thumbnail(cover, 640)} alt="" loading="lazy" onError={() => setBroken(cover)} />
      ) : (
        <DefaultCover seed={project.id + project.name} />
      )}
    </AspectRatio>
  );
}

const INKS = ["#E69F00", "#56B4E9", "#009E73", "#0072B2", "#D55E00", "#CC79A7"];

/** Four boxes whose places follow from a text, the same each time. */
function boxesOf(seed: string) {
  let state = 7;
  for (const char of seed) state = (state * 31 + char.charCodeAt(0)) >>> 0;
  const next = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % limit;
  };
  return Array.from({ length: 4 }, (_, index) => ({
    x: 10 + next(96),
    y: 8 + next(44),
    w: 22 + next(30),
    h: 16 + next(20),
    color: INKS[(index + next(INKS.length)) % INKS.length] ?? "#56B4E9",
  }));
}

function DefaultCover({ seed }: { seed: string }) {
  return (
    <svg
      viewBox="0 0 160 90"
      aria-hidden
      preserveAspectRatio="xMidYMid slice"
      style={{ background: "var(--bw-sunken)" }}
    >
      {boxesOf(seed).map((box, index) => (
        <rect
          key={index}
          x={box.x}
          y={box.y}
          width={box.w}
          height={box.h}
          rx="1"
          fill={box.color}
          fillOpacity="0.14"
          stroke={box.color}
          strokeWidth="1.5"
        />
      ))}
    </svg>
  );
}
