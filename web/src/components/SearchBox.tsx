import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { common } from "../strings/common";

interface Props {
  label: string;
  /** What is searched for at present, from the address. */
  value: string;
  onSearch: (text: string) => void;
  className?: string | undefined;
}

const PAUSE_MS = 250;

/** Searches while one types, after a short pause. */
export function SearchBox({ label, value, onSearch, className = "" }: Props) {
  // The draft is kept beside the value it was begun from: when the address changes by itself, the draft is dropped.
  const [draft, setDraft] = useState({ from: value, text: value });
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const text = draft.from === value || draft.text.trim() === value ? draft.text : value;
  const change = (next: string, pause = PAUSE_MS) => {
    setDraft({ from: value, text: next });
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onSearch(next.trim()), pause);
  };
  return (
    <TextInput
      type="search"
      className={className}
      aria-label={label}
      placeholder={label}
      value={text}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === "" ? null : <CloseButton size="sm" aria-label={common.cancel} onClick={() => change("", 0)} />
      }
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
