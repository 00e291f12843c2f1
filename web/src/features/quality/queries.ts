import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { ImageOutcome } from "../../api/types";
import type { Question } from "./view";

const PAGE = 60;

/** A report never changes. */
export const reportQuery = (evaluationId: string) =>
  queryOptions({
    queryKey: keys.report(evaluationId),
    queryFn: () =>
      call(
        api.GET("/api/v1/evaluations/{evaluation_id}/report", { params: { path: { evaluation_id: evaluationId } } }),
      ),
    staleTime: Infinity,
  });

export const outcomesQuery = (evaluationId: string, question: Question) =>
  infiniteQueryOptions({
    queryKey: keys.outcomes(evaluationId, question),
    queryFn: async ({ pageParam }) => {
      const { class: wanted, ...rest } = question;
      const query = {
        ...rest,
        limit: PAGE,
        ...(wanted === undefined ? {} : { class_id: wanted }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      };
      const page = await call(
        api.GET("/api/v1/evaluations/{evaluation_id}/images", {
          params: { path: { evaluation_id: evaluationId }, query },
        }),
      );
      // The client widens fixed-length arrays; the schema is the truth.
      return { items: page.items as ImageOutcome[], next_cursor: page.next_cursor ?? null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: Infinity,
  });
