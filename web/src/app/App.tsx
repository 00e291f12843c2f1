import { Center, Loader, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect } from "react";
import { ErrorBox } from "../components/ErrorBox";
import { shell } from "../strings/shell";
import { ErrorBoundary } from "./Crash";
import { queryClient } from "./queryClient";
import { preloadPages, router } from "./router";
import { useSession } from "./session";
import { SignInPage } from "./SignInPage";
import { theme, variables } from "./theme";

/** The application: theme, cache, and behind the sign-in the router. */
export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <ErrorBoundary>
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-left" containerWidth={420} />
          <Gate />
        </QueryClientProvider>
      </ErrorBoundary>
    </MantineProvider>
  );
}

const PRELOAD_MS = 1500;

function Gate() {
  const session = useSession();
  const signedIn = session.data !== null && session.data !== undefined;
  useEffect(() => {
    if (!signedIn) return undefined;
    const timer = window.setTimeout(preloadPages, PRELOAD_MS);
    return () => window.clearTimeout(timer);
  }, [signedIn]);
  if (session.data === null) return <SignInPage />;
  if (session.data !== undefined) return <RouterProvider router={router} />;
  return (
    <Center mih="100dvh" p="md">
      {session.isError ? (
        <ErrorBox title={shell.unreachableTitle} error={session.error} onRetry={() => session.refetch()} />
      ) : (
        <Loader role="img" aria-label={shell.signInChecking} />
      )}
    </Center>
  );
}
