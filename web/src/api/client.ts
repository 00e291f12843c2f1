import createClient from "openapi-fetch";
import type { components, paths } from "./schema.gen";

export type Schemas = components["schemas"];

/** The typed client of the HTTP interface; every path, query and body is checked against the server's schema. */
export const api = createClient<paths>({ baseUrl: window.location.origin });

/** An answer that is not a success. `message` is fit for a person, `code` is stable for programs. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, detail: Record<string, unknown> = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

const UNREACHABLE = "The server does not answer. Check that `boxwright serve` is running, then try again.";

/** Turn a parsed problem document (RFC 9457) into an error. */
export function problemError(status: number, body: unknown): ApiError {
  if (typeof body === "object" && body !== null) {
    const detail = body as Record<string, unknown>;
    const title = typeof detail["title"] === "string" ? detail["title"] : `The server answered ${status}.`;
    const code = typeof detail["code"] === "string" ? detail["code"] : "http_error";
    return new ApiError(status, code, sentence(title), detail);
  }
  return new ApiError(status, "http_error", status === 0 ? UNREACHABLE : `The server answered ${status}.`);
}

/** The error for a request that never got an answer. */
export function unreachable(): ApiError {
  return new ApiError(0, "unreachable", UNREACHABLE);
}

interface Answer<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** Wait for an answer of `api` and return its data; throws `ApiError` for anything else. */
export async function call<T>(request: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (!answer.response.ok) throw problemError(answer.response.status, answer.error);
  return answer.data as T;
}

/** What to show a person for any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : sentence(String(error));
}

/** Messages of the server begin in lower case, as the shell prints them; pages start with a capital and end with a stop. */
export function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
