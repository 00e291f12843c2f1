import { Paper, ScrollArea, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { LogLine } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { training as words } from "../../strings/training";

/** Lines that are here stay; only newer ones are fetched. */
function useLog(jobId: string) {
  const client = useQueryClient();
  const queryKey = keys.jobLog(jobId);
  return useQuery({
    queryKey,
    queryFn: async (): Promise<readonly LogLine[]> => {
      const known = client.getQueryData<readonly LogLine[]>(queryKey) ?? [];
      const after = known.at(-1)?.number ?? -1;
      const fresh = await call(
        api.GET("/api/v1/jobs/{job_id}/log", { params: { path: { job_id: jobId }, query: { after } } }),
      );
      return fresh.length === 0 ? known : [...known, ...fresh];
    },
  });
}

const COLORS = { info: undefined, warning: "orange", error: "red" } as const;

/** What a job wrote; stays at its end while one does not scroll up. */
export function JobLog({ jobId }: { jobId: string }) {
  const log = useLog(jobId);
  const view = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const last = log.data?.at(-1)?.number;
  useEffect(() => {
    if (atEnd.current && view.current !== null) view.current.scrollTop = view.current.scrollHeight;
  }, [last]);
  return (
    <Paper component="section" aria-label={words.log} p="sm">
      <Title order={3}>{words.log}</Title>
      <Loaded query={log}>
        {(lines) =>
          lines.length === 0 ? (
            <Text c="dimmed">{words.logEmpty}</Text>
          ) : (
            <ScrollArea.Autosize
              mah={280}
              viewportRef={view}
              viewportProps={{ tabIndex: 0, role: "log", "aria-label": words.log }}
              onScrollPositionChange={({ y }) => {
                const box = view.current;
                if (box !== null) atEnd.current = y + box.clientHeight >= box.scrollHeight - 24;
              }}
            >
              {lines.map((line) => (
                <Text key={line.number} size="sm" ff="monospace" c={COLORS[line.level] ?? ""} style={WRAP}>
                  {line.created_at.slice(11, 19)} {line.message}
                </Text>
              ))}
            </ScrollArea.Autosize>
          )
        }
      </Loaded>
    </Paper>
  );
}

const WRAP = { whiteSpace: "pre-wrap", overflowWrap: "anywhere" } as const;
