import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Skeleton, Stack } from "@mantine/core";
import { common } from "../strings/common";
import { ErrorBox } from "./ErrorBox";

interface Props<T> {
  query: UseQueryResult<T>;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** Skeleton, error with a retry, or the data. Data that are here already stay on show when a refresh fails. */
export function Loaded<T>({ query, skeleton, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <ErrorBox error={query.error} onRetry={() => query.refetch()} />;
  return <Busy>{skeleton ?? <Lines />}</Busy>;
}

/** Marks a skeleton for those who cannot see it. */
export function Busy({ children }: { children: ReactNode }) {
  return (
    <div role="status" aria-busy="true" aria-label={common.loading}>
      {children}
    </div>
  );
}

/** A skeleton of some lines. */
export function Lines({ rows = 4 }: { rows?: number }) {
  return (
    <Stack gap="sm">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={24} width={row === rows - 1 ? "60%" : "100%"} />
      ))}
    </Stack>
  );
}
