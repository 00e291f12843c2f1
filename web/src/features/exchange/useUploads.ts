import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { uploadAll, type Files } from "./resumable";

/** Upload files that belong together, with the share that has arrived; whoever leaves breaks it off. */
export function useUploads() {
  const [share, setShare] = useState(0);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const send = useMutation({
    meta: { quiet: true },
    mutationFn: (files: Files) => {
      abort.current = new AbortController();
      setShare(0);
      return uploadAll(files, { onProgress: setShare, signal: abort.current.signal });
    },
  });
  return { share, send };
}
